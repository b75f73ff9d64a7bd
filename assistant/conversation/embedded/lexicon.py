"""Families of words that mean the same to a classifier: car parts, symptoms, swear words, other people, small talk.

Three thousand examples cannot hold every part of a car or every topic that is none of the shop's business; a family
lets "pastilha" in an example speak for "bieleta" in a message. Words are in normal form (`text.py`); `*` ends a stem.
A word belongs to at most one family, the first that lists it.
"""

FAMILIES: dict[str, str] = {
    "ofensa": """
        porra caralho merda* bosta* puta* puto putaria fdp vtnc vsf tnc cu cuzao cuzona arrombad* viad* vagabund*
        desgracad* otari* imbecil* idiota* babaca* corno* foder fode foda* fodase fuder cacete escrot* piranha*
        retardad* canalha* cretin* pilantr* vadia* safad* macaco* jumento* energumen* ignorant* burro burra trouxa*
        xofensa lixo pqp krl crl carai filhadaput* anta antas jegue nojent* verme* trambiqueir* ordinari* cornudo
    """,
    "sexo": """
        nude* nua nu pelad* sexo sexy gostos* tesao pau buceta peit* bunda* chup* transar trepar porno* pornog*
        beijar
    """,
    "ameaca": """
        matar mato morrer morre bala* armad* revolver faca fogo incendi* quebrar surra bater pancad* invadir
        derrub* explod*
    """,
    "fraude": """
        hackear hacker hack invasao fraud* golpe* falsific* fals* fria retroativ* adulter* clona* raspa* chassi
        rastreador burlar droga* maconha arma armas pirata laranja superfatur* propina
    """,
    "sistema": """
        prompt prompts instruc* instrucao sistema* senha* token* admin administrador* login servidor* codigo
        comando* desenvolvedor* debug developer system api json sql select drop script root previous instructions
        ignore configuracao configuracoes configurac* restric* jailbreak bypass dan programador* log logs regra
        regras diretriz* limitac* confidencia* intern* treinad* gpt chatgpt
    """,
    "ignorar": """
        ignora ignore ignorar ignorem desconsidere desconsidera esqueca finja finge fingir simule simula aja atue
        disregard forget override
    """,
    "lucro": """
        lucr* margem margens markup fatura faturam faturar faturamento faturaram custo custos fornecedor* acrescimo
        comissao salario* ganham ganha distribuidor*
    """,
    "pessoal": """
        cpf rg dados cadastro cadastros cadastral mora moram residencia* proprietari* dono donos dona clientes
        cliente base terceir*
    """,
    "terceiro": """
        vizinh* ex concorrent* concorrencia cunhad* amante alheio policial policia delegad* detran advogado* juiz
        namorad*
    """,
    "nome": """
        joao jose maria ana antonio francisco carlos paulo pedro lucas luiz luis marcos marcelo gabriel rafael
        daniel bruno eduardo felipe rodrigo fernando fernanda juliana marcia adriana patricia aline sandra camila
        amanda bruna jessica leticia julia luciana vanessa mariana gabriela vera vitoria larissa claudia beatriz
        rita sonia renata silva souza santos oliveira pereira lima alves rocha costa ferreira ribeiro gomes roberto
        ricardo gustavo thiago tiago andre leandro fabio sergio jorge alexandre anderson diego vinicius matheus
        mateus wagner wilson marta cristina simone debora carol carolina ze zezinho marquinhos
    """,
    "familia": "marido esposa mulher filho filha pai mae irma patroa sogro sogra tio tia sobrinho sobrinha neto avo",
    "mecanica": """
        oleo filtro* pastilha* disco discos freio* embreagem embreagens amortecedor* suspensao cambio dsg correia*
        vela velas bateria* pneu* roda rodas bico* injecao injetor* turbo* motor radiador* valvula* junta* cabecote
        bomba bombas sensor* sonda catalisador* escapament* escape homocinetic* coifa* bieleta* pivo* bandeja*
        buch* coxim* terminal terminais direcao volante farol farois lampada* alternador arranque ignicao bobina*
        tensor* dagua arrefecimento aditivo fluido* lona* tambor cubo rolament* semieixo diferencial polia* mola*
        palheta* retrovisor* parachoque vidro vidros compressor* gas higienizac* alinhamento balanceamento cambagem
        geometria revisao revisoes retifica* remap stage reprogramac* scanner vcds ecu modulo* abs airbag epc
        mecatronic* retentor* carter pistao biela* virabrequim carburador tbi egr dpf arla intercooler downpipe
        chicote rele reles fusivel fusiveis estepe kit tanque boia cebolinha termostat* ventoinha mangueira*
        reservatorio lubrific* peca pecas
    """,
    "sintoma": """
        barulho* ruido* rangend* range rangido rangeno bate* batend* batid* trepid* treme tremend* vibra* vibrand*
        chia chiand* chiado assobi* apit* estal* tec toc nhec zuad* zoad* falh* engasg* afog* patina* tranc*
        tranco* arranh* vaza* vazament* ping* goteja* ferv* esquent* superaqu* fuma* fumac* cheiro* queim* apag*
        acend* acesa aceso pisca* oscil* fraco fraca potencia pux* dura duro pesad* solt* folga* frouxo arria*
        descarreg* pane enguic* quebrou quebrad* travou trava* emperr* entort* pega pegando liga ligando gela
        gelando gastando bebendo luz luzes luzinha desliga* soltando rasp* ronc* ronca*
    """,
    "servicoextra": """
        funilari* pintura* polimento* lavag* lava lavam martelinho insulfilm* som estetica vitrific* guincho*
        vistoria cautelar eletrica eletric* hibrid* diesel moto motos caminha* van importad* frota frotas blindad*
        retific* hidraulic*
    """,
    "marca": """
        fiat chevrolet gm ford toyota honda hyundai renault nissan jeep peugeot citroen bmw mercedes kia mitsubishi
        volvo chery byd porsche land suzuki subaru jaguar mini ram seat
    """,
    "lugar": """
        endereco* rua bairro avenida cep localizac* maps waze gps mapa metro estacionament* estacionar unidade
        unidades filial filiais referencia zona portao fachada xlocal cidade chego chegar perto site email
        instagram insta
    """,
    "abertura": """
        abre abrem aberto abertos aberta fecha fecham funcionamento expediente feriado feriados domingo plantao
        ferias carnaval emenda
    """,
    "dinheiro": """
        pix boleto* cartao cartoes credito debito parcel* juros deposito ted comprovante* recibo* nfe nf pago
        paguei pagamento pagamentos pagar quitar quitei quitado saldo pendencia* divida estorno reembolso dinheiro
        maquininha vencimento conta financ*
    """,
    "trabalho": "emprego* curricul* contrat* estagi* aprendiz oportunidade recrut* rh trampo",
    "midia": """
        jogo* futebol time palmeiras corinthians flamengo gremio vasco campeonato gols filme* filmes serie novela
        musica* cancao netflix youtube tiktok meme memes figurinha* piada* poema* redacao bbb celebridade tv canal
    """,
    "saberes": """
        capital presidente governo politic* lula bolsonaro eleic* votar guerra matematica equacao raiz calcul*
        traduz* ingles espanhol escola faculdade prova licao dever planeta marte universo fisica quimica biologia
        signo horoscopo sonhar religiao filosofia sentido resum* dissertacao enem tabuada
    """,
    "comida": """
        pizza* lanche* hamburg* restaurante* receita* bolo* churrasco* cerveja* cardapio pao arroz feijao acai
        comida* cafe jantar delivery ifood mercado sorvete salgado* marmita* doce*
    """,
    "saude": """
        medico* remedio* dor doenca gripe vacina* hospital farmacia dentista clinica consultorio psicolog*
        emagrecer dieta academia cabelo manicure cachorro gato racao veterinari* pet
    """,
    "tempo": "chuva chover chove frio calor clima temporal",
    "financas": """
        dolar bitcoin investir invest* acoes emprestimo* consignado serasa score banco nubank imposto loteria mega
        tigrinho aposta* bet bonus premio ganhou
    """,
    "anuncio": """
        divulg* marketing trafego anuncio* representante* fornecedora distribuidora catalogo oferec* ofereco
        apresentar parceria* influencer rifa* doacao doar vendo vende vendemos vendedor plano internet fibra
        franquia patrocin* curso cursos aluga* alugam alugar imove* imobiliaria apartamento hotel passagem pacote
        uber carreto frete mudanca
    """,
    "detran": "ipva cnh licenciamento emplac* multa multas fipe financi* despachante crlv",
    "repudio": """
        absurdo* vergonha* vergonhos* palhacad* palhac* descaso desrespeit* respeito pessim* horrivel* horror
        ridicul* lamentavel inadmissivel inaceitavel indignad* revoltad* revoltante decepc* decepcion* insatisf*
        chatead* irritad* furios* procon processar processo justica reclame reclamac* reclamar denuncia* mentir*
        mentira* mentiu enrol* enganad* enganar ladrao ladroes roubo roubar* roubaram sacanagem vacilo mancada
        arranhad* arranhao amassad* amassado riscad* riscaram estrag* sumiu sumiram porco porcaria malfeit*
        prejuizo* irresponsav* incompetent* desonest* xraiva grosso grosseir* estupid* maltrat*
    """,
    "cobertura": """
        garanti* cobre cobrem cobriria cobrir coberto coberta cobertos cobertura refaz refazem refazer refacam
    """,
    "fim": """
        pronto pronta prontos prontinho termin* acaba acabar acabam acabou acabaram conclu* finaliz* entregam
        entregue entrega entregar
    """,
    "retirada": "buscar busco retirar retiro retirada pegar pego peguei busquei retirei",
    "agenda": """
        agend* marcar marco marca marcado marquei marcada remarc* desmarc* reagend* encaix* reserv* vaga vagas
        brecha disponib* horario horarios imprevisto compromisso xagenda
    """,
    "preco": "preco precos precinho valor valores custo custos custa custam custou cobra cobram cobrou",
    "sim": "aprov* autoriz* liber* aceit* concordo concordamos fechado fechou combinado topo",
    "recusa": "recus* reprov* desist* desisto declin* dispens* negado cancel*",
    "antes": """
        ultima ultimo ultimas anterior anteriores antigo antiga antigos antigas historic* registro registros
        relatorio passada
    """,
    "dia": "xsemana xdata hoje amanha sabado semana mes tarde tardezinha manha cedo noite",
    "negociar": "desconto descontinho descontao abaixar baixar negociar barato baratear melhorar chora",
    "robo": """
        robo robos bot bots maquina maquinas automatico automatica ia inteligencia virtual humano humana humanos
        pessoa pessoas gente alguem atendente* atendimento operador* consultor* gerente* responsavel
    """,
    "lista": """
        sair parar pare stop descadastr* desinscrev* lista propaganda* promoc* spam lembrete* aviso avisos
        notificac* mailing bloque* consentimento unsubscribe xpare
    """,
}


def _index() -> tuple[dict[str, str], dict[str, str]]:
    """Whole words and stems, each with its family."""
    words: dict[str, str] = {}
    stems: dict[str, str] = {}
    for family, members in FAMILIES.items():
        for member in members.split():
            table = stems if member.endswith("*") else words
            table.setdefault(member.rstrip("*"), family)
    return words, stems


_WORDS, _STEMS = _index()
_SHORTEST, _LONGEST = min(map(len, _STEMS)), max(map(len, _STEMS))


def family_of(word: str) -> str | None:
    """The family of a word in normal form; the longest stem wins."""
    if word in _WORDS:
        return _WORDS[word]
    for size in range(min(len(word), _LONGEST), _SHORTEST - 1, -1):
        if word[:size] in _STEMS:
            return _STEMS[word[:size]]
    return None
