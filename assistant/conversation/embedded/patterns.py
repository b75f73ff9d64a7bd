"""What must never be missed, written out: abuse, "no more messages", "a person, please", and a refused "yes".

Each list has its near misses beside it, because a pattern that fires on an innocent message is as bad as a missed one
("me tira uma dúvida", "esquece o orçamento", "não para de mandar não"). Works on text in normal form (`text.py`),
the injection marks also on the text as typed. No statistics here: those are the classifier's.
"""

import re
from collections.abc import Sequence

from assistant.conversation.embedded.intents import Intent

Patterns = Sequence[re.Pattern[str]]


def _compile(*expressions: str) -> Patterns:
    return tuple(re.compile(expression) for expression in expressions)


RAW_INJECTION = _compile(
    r"\bcomo voce foi (?:programad|treinad|configurad|instruid)|\bcodigo (?:de verificacao|sms|que chegou por sms)\b|\btabelas? do banco\b",
    r"\b(?:ferramentas|funcoes|comandos|tools) .{0,20}\bvoce (?:pode|tem|usa|chama)|\bsem (?:nenhum[a]? )?(?:restric\w*|filtros?|censura|limitac\w*)\b|\b(?:siga|obedeca|cumpra) (?:as )?minhas ordens\b",
    r"(?i)\bselect\b.+\bfrom\b|\bdrop\s+table\b|\bunion\s+select\b|'\s*or\s+'?1'?\s*=\s*'?1",
    r"(?i)<\s*/?\s*(?:script|system|inst|assistant)\b|\[\s*/?\s*(?:system|inst)\s*\]|\"role\"\s*:",
    r"(?im)^\s*(?:#+\s*)?(?:system|assistant|instruction|developer)s?\s*:|\{\{.+\}\}|\$\{.+\}|\brm\s+-rf\b|<\|im_start\|>",
)
INJECTION = _compile(
    r"\bcomo voce foi (?:programad|treinad|configurad|instruid)|\bcodigo (?:de verificacao|sms|que chegou por sms)\b|\btabelas? do banco\b",
    r"\b(?:ferramentas|funcoes|comandos|tools) .{0,20}\bvoce (?:pode|tem|usa|chama)|\bsem (?:nenhum[a]? )?(?:restric\w*|filtros?|censura|limitac\w*)\b|\b(?:siga|obedeca|cumpra) (?:as )?minhas ordens\b",
    r"\b(?:ignor|desconsider|esquec|disregard|forget|overrid)\w* .{0,30}\b(?:instruc\w*|regras?|prompt|ordens|comandos|diretrizes|"
    r"instructions|rules|tudo que (?:te|ti|voce) (?:falaram|mandaram|disseram|ensinaram|programaram|foi|recebeu|aprendeu))\b",
    r"\b(?:system )?prompt\b(?! entrega)|\bjail ?break\b|\bmodo (?:desenvolvedor|dev|debug|admin\w*|deus|root|dan)\b",
    r"\b(?:mostr|dig|diz|repet|repit|revel|fal|copi|resum|traduz|list|imprim|quais|qual|escrev)\w* .{0,25}"
    r"\bsuas (?:instruc\w*|diretrizes|configurac\w*|regras (?:internas|secretas|de sistema))\b",
    r"\b(?:finja|finge|fingir|faz de conta|faca de conta|aja|atue|simule|imagine) .{0,25}"
    r"\b(?:regras?|restric\w*|limites?|filtros?|hacker|admin\w*|sem censura|dono da oficina|gerente)\b",
    r"\ba partir de agora voce (?:e|sera|vai|responde|obedece|nao tem)\b|\bvoce agora e (?!o |meu |minha )",
    r"\b(?:repita|repete|repetir|copie|copia|imprima|mostre) .{0,25}\b(?:acima|antes (?:disso|dessa mensagem)|palavra por palavra)\b",
    r"\bsenhas? (?:do|de|da) (?:sistema|admin\w*|banco|painel|kommo|servidor|crm|computador)\b|"
    r"\bchave (?:da |de )?api\b|\bapi key\b|\btoken (?:do|da|de)\b|\bacesso (?:ao|no) (?:sistema|banco|painel)\b",
    r"\b(?:ignore|disregard|forget|reveal|print|bypass)\b.{0,30}\b(?:previous|instructions?|rules|prompt|password|system)\b",
    r"\b(?:hackear|invadir|derrubar) .{0,15}\b(?:sistema|site|bot|robo|banco de dados|servidor)\b",
)
OTHERS_DATA = _compile(
    r"\b(?:nome|telefone|celular|whatsapp|contatos?|endereco|cpf|rg|dados|cadastro|email|numero|placa|ficha)s? "
    r"(?:(?:completo|pessoal|pessoais|residencial) )?(?:do|da|dos|das|de) (?:outr[oa]s? |ultimo |ultima |todos os |todas as )?"
    r"(?:clientes?|vizinh[oa]|minha ex|meu ex|ex)\b",
    r"\b(?:nome|telefone|celular|whatsapp|contato|endereco|cpf|rg|dados|numero)s? (?:e \w+ )?(?:do|da|dos) "
    r"(?:dono|dona|donos|proprietari[oa]|motorista) (?:do|da|dess[ea]|daquel[ea]|xplaca|carro|que)\b",
    r"\bde quem (?:e|era|sao) (?:o |a |os |ess[ea]s? |aquel[ea]s? )*(?:carros?|placa|xplaca|audi)\b",
    r"\bquem e (?:o|a) (?:dono|dona|proprietari[oa]) (?:do|da|dess[ea]|daquel[ea]) (?:carro|placa|xplaca)",
    r"\bdon[oa] (?:da|dessa) placa\b|\bdono .{0,12}xplaca\b",
    r"\b(?:lista|relacao|base|tabela|planilha) (?:com |completa )?(?:de|dos|os) (?:\w+ )?clientes\b|\btodos os clientes\b|\blist\w* (?:os|todos os) clientes\b",
    r"\b(?:mostr|pass|mand|quanto|qual|quais|list|ve|diz|fal|conta|orcamento|dados|conversa|mensage|ordens|os|exib|puxa)\w* "
    r".{0,35}\b(?:d[eoa]s? )?(?:outr[oa]s? clientes?|clientes? anterior|ultimo cliente|outras pessoas|outro cliente)\b",
    r"\b(?:quanto|orcamento|dados|o que|puxa|ve|ver|mostra|passa|conserto|valor|conta) .{0,40}"
    r"\bcarro (?:do|da) (?:(?:meu|minha) )?(?:vizinh[oa]|ex\b|concorrente)",
    r"\bminha ex(?: mulher| esposa)? .{0,40}\b(?:gastou|levou|pagou|fez|deixou)\b|\bmeu ex(?: marido)? .{0,40}\b(?:gastou|levou|pagou)\b",
    r"\bcpf (?:e \w+ )?(?:do|da|de) (?!voces|oficina|empresa|nota|titular)\w+",
    r"\b(?:onde|qual a casa|qual a rua) .{0,12}\b(?:mora|moram|reside)\b (?!voce)\w+",
)
SECRETS = _compile(
    r"\bmarge(?:m|ns) (?:de lucro|de voces|da oficina|aplicada|na|nas|no|nos|ness[ea]|em cima|d lucro|que voces)|\bmarkup\b",
    r"\bvoces (?:\w+ )?(?:lucram|lucra|faturam|fatura|faturaram|lucraram|lucrou)\b|\bo lucro (?:de voces|da oficina|ness|n[oa]s?\b|dess|disso)|"
    r"\b(?:qual|quanto) (?:e |foi )?o lucro\b",
    r"\bvoces (?:ganham|ganha|tiram|colocam|metem|ganharam) (?:\w+ )?(?:em cima|ness[ea]|nisso|por peca|n[oa]s? pecas?|por servico|de lucro)",
    r"\bquanto (?:que )?(?:voces|a oficina) (?:\w+ )?(?:paga|pagam|pagou|pagaram) (?:\w+ ){0,2}(?:peca|pecas|kit|embreagem|bomba|fornecedor|oleo|pastilha|material|nisso|nela|nele)",
    r"(?<!faz a )(?<!fazem a )(?<!vende a )(?<!faz por )\b(?:preco|valor) de custo\b|\bcusto (?:d[aoe]s? \w+ |real )?(?:pra|para) (?:voces|a oficina)\b|"
    r"\bcusta (?:ess[ea] \w+ )?(?:pra|para) voces\b|\bcusto de (?:compra|fornecedor)\b|\bno fornecedor de voces\b",
    r"\bfaturamento (?:da|de|do|mensal|anual)\b|\bsalario (?:do|dos|da|de)\b(?! minimo)",
)
FRAUD = _compile(
    r"\b(?:nota|recibo|comprovante|orcamento|nf)\b .{0,15}\b(?:valor maior|no dobro|data antiga|a mais pro|pro seguro pagar|pra enganar)",
    r"\b(?:fraud|engan|burl)\w* (?:o |a |meu )?(?:seguro|seguradora|vistoria|inspecao)|\bcomo (?:fraud|hacke|clon|invad|falsific|arromb)\w+",
    r"\b(?:confirma|considera|registra|da baixa|aprova)\w* .{0,25}\b(?:sem (?:eu )?pagar|valor zero|como pago|pago meu)|\beu nao paguei mas\b",
    r"\bhodometro\b|\b(?:vend\w+|tem|compr\w+|consigo|fumar) .{0,8}\b(?:maconha|cocaina|droga|drogas|baseado|lanca perfume|arma|armas)\b",
    r"\b(?:nota|comprovante|laudo|recibo|orcamento|nf)(?: fiscal)? (?:fals[oa]|fria|retroativ[oa]|adulterad[oa]|superfaturad[oa])\b",
    r"\b(?:marca|marque|coloca|registra|bota|poe|lanca|da baixa)\b .{0,30}\b(?:como (?:pag[oa]|quitad[oa])|sem (?:eu )?pagar)\b",
    r"\b(?:zera|zere|apaga|apague|some com|perdoa) .{0,12}\b(?:divida|debito|saldo|conta|valor)\b",
    r"\b(?:muda|mude|altera|altere|edita|edite|troca|baixa) .{0,15}\b(?:valor|preco|status|orcamento|os)\b .{0,20}\b(?:pra|para) (?:zero|xnum|xvalor|entregue|pago|pronto)\b",
    r"\b(?:volta|voltar|baixa|baixar|adulterar?|diminuir?|zerar?) .{0,12}\b(?:km|quilometragem|hodometro)\b",
    r"\b(?:raspar?|remarcar?) .{0,6}chassi\b|\bclon\w+ .{0,6}placa\b|\bcarro roubado .{0,20}\b(?:peca|desmanch|vend)",
    r"\b(?:me vend\w+|vend\w+ .{0,15}) por (?:um real|xvalor sem volta)\b",
)
IMPERSONATION = re.compile(
    r"\b(?:sou|aqui e|falo como|eu sou)(?: o| a| da| do| seu| um)* (?:(?:novo |novo )?(?:dono|dona|proprietari[oa]|gerente|socio|administrador\w*|admin|desenvolvedor\w*|"
    r"programador\w*|criador)(?! (?:do|da) (?:carro|xplaca|meu|frota|empresa|transport|loja|predio|mercado|fazenda))|policia\w*|policial|oficial de justica|detran|suporte|equipe de ti|kommo|openai|meta|anthropic)\b"
)
PRIVILEGE = re.compile(
    r"\b(?:liber|mostr|dados|senha|token|desconto|acesso|logs|faturamento|custo|margem|lista|cpf|endereco|zer|alter|muda|apaga|"
    r"de graca|obedec|aprov|prompt|me passa|onde ta o carro|proprietari)\w*"
)
INSULT = (
    r"(?:lixo|bosta|merda|puta|vagabund[oa]|viado|arrombad[oa]|desgracad[oa]|otari[oa]|imbecil|idiota|corno|macaco|pret[oa]|babaca|"
    r"filho da puta|burr[oa] do|cuza\w+|canalha|escrot[oa]|retardad[oa]|fdp|verme|pilantra|vadia|puto)"
)
OBSCENITY = _compile(
    r"\b(?:racista|nazista|hitler|erotic[oa]s?|(?:fala|falar|quero|faz|fazer) (?:uma )?safadezas?|palavr(?:ao|oes)|pornografia|senzala|traveco|transar|orgia|odeio (?:preto|negro|gay|nordestino|judeu|pobre)s?)\b",
    r"\bvou (?:te pegar|acabar com (?:voces?|a sua raca|tua raca))\b|\bxing(?:a|ue|ar) (?:o|a|meu|minha|ele|ela)\b|\bcala (?:a )?boca\b|\bno (?:seu |teu )?(?:cu|rabo)\b",
    rf"\b(?:seus?|suas?|bando de|cambada de|raca de|voces? (?:e|sao)(?: uma?s?| uns| tudo)?|robo|maquina|bot|sistema|{INSULT}) {INSULT}s?\b(?! (?:de|a) (?:servico|carro|peca|atendimento))",
    r"\b(?:vai|vao|va|vaum) (?:se |te |toma?r? (?:no|o) |pra )(?:foder|fude\w*|ferrar seus|cu|puta|porra|inferno|merda|caralho|fode)\b|\btomar? no cu\b|\bfoda se\b|\bfodase\b",
    r"\b(?:vtnc|vtmnc|vsf|tnc|fdp|pnc|arrombad[oa]s?|cuza[o]|filh[oa]s? d[ae] (?:uma )?puta|cala a boca (?:sua|seu|maquina|robo|otari))\b|\bxofensa\b",
    r"\b(?:nudes?|pelad[oa]s?|putaria|buceta|xota|piroca|porno\w*|punheta|boquete|te comer|chupa(?:r)? (?:meu|minha|aqui)|me chupa|fazer sexo|quero sexo|quero transar)\b",
    r"\b(?:vou|vamos|quero|vo) (?:te |voces? |ai )*(?:matar|meter bala|dar (?:um )?tiro|botar fogo|tacar fogo|por fogo|quebrar (?:voces|sua cara|a cara|essa oficina|a oficina|tudo ai)|explodir)",
    r"\bsei onde (?:voce|voces|seu) (?:mora|moram|trabalha)\b|\b(?:voce|voces|seu) (?:vai|vao) morrer\b|\bvou ai armado\b",
    rf"^(?:{INSULT}|caralho|porra|cacete|\s)+$",
)
ABUSE = (*INJECTION, *OTHERS_DATA, *SECRETS, *FRAUD, *OBSCENITY)

MESSAGES = (
    r"(?:mensage\w*|propagandas?|promo\w*|ofertas?|spam|lembretes?|avisos?|notificac\w*|publicidade|anuncios?|marketing|comunicac\w*|"
    r"pesquisas?|novidades|novidade de voces|informativos?|ligacao|ligacoes|contatos? de voces|whatsapp de voces)"
)
OPT_OUT = _compile(
    r"^(?:quero )?(?:sair|parar|pare|parem|stop|descadastr\w*|discadastr\w*|descadatr\w*|desinscrev\w*|unsubscribe|xpare)(?: por favor| xpare| \?)*$",
    rf"\b(?:par[ae]|parem|parar|param|parassem|cess[ae]m?|chega|cansei|basta|pod\w+ parar|suspend\w*|cancel\w*|desativ\w*|deslig\w*|bloque\w*)\b"
    rf"(?: de| com| o| a| os| as| ess[ae]s?| dess[ae]s?| es[st]e| mandar| enviar| receber| me| envio| recebimento| minhas?| todas?| tanta| tanto)* {MESSAGES}\b",
    r"\b(?:par[ae]|parem|parar|parassem|chega|cansei|basta) de (?:ficar )?(?:me )?(?:mandar|enviar|receber|encher|perturbar|incomodar|chamar|spam|importunar|torrar)\b"
    r"(?! o orcamento| a peca| o carro| o audio| audio| foto| o pix| a localizacao)",
    rf"\bnao (?:me )?(?:quero|queria|desejo|gostaria de|preciso|aceito|autorizo|autorizei|dei permissao|tenho interesse em|pretendo)\b"
    rf"(?: mais| nunca| que| voces| de| mais nada| pra| a| o| envio| de)*(?: (?:receb\w+|mand\w+|envi\w+|ver|ter))?(?: mais| nenhuma?| ess[ae]s?| nada| de| nem| as| esse tipo de| tanta| mensagens de)* {MESSAGES}\b",
    r"\bnao (?:quero|desejo|gostaria de) (?:mais )?(?:ficar )?(?:receb\w+) (?:mais )?(?:nada|isso|ess[ae]s?|mais|de voces)\b|\bnao quero (?:mais )?(?:ficar )?receber mais$",
    r"\bnao (?:me |nos )*(?:mand[ae]m?|mandar|envi[ae]m?|enviar|chamem?|perturb\w+|incomod\w+|importun\w+|procur[ae]m?|ench[ae]m?|entr[ae]m? (?:mais )?em contato|contat[ae]m?)\b"
    rf"(?: mais|(?: \w+)? nada| ess[ae]s?| isso| a| o| de| pra mim|(?: \w+)? {MESSAGES})*(?: mais| nada| isso nao| {MESSAGES}| em contato(?: comigo)?| comigo)\b(?! (?:o|a) (?:orcamento|carro|mecanico))",
    r"\b(?:manda|mande|mandem|envia|envie) (?:mais |mais nada |isso |mais isso )+nao\b",
    r"\b(?:tir|remov|exclu|retir|descadastr|desinscrev|elimin)\w* (?:logo |ja |por favor )?(?:o |a )?(?:me |meu |este |esse )*(?:numero |contato |telefone |nome |whatsapp |celular |cadastro )?"
    r"(?:da|dess[ae]|dest[ae]|daquel[ae]|do|de) (?:sua |todas as )?(?:listas?|mailing|cadastro de|base|grupo|transmissao|propaganda|promocao|sistema de mensagens)\b",
    r"\b(?:tir|remov|exclu|apag|delet|retir|descadastr|esquec|perd|elimin)\w* (?:o |os |todos os )?(?:meus?|este|esse) (?:numero|contato|telefone|whatsapp|celular|dados|cadastro|informac\w+)\b(?! (?:antig|velh|errad|novo|e (?:coloc|cadastr|poe)|da os|do orcamento|da nota))",
    r"\b(?:exclu|apag|delet|elimin|remoc|exclus)\w* (?:\w+ ){0,3}(?:meus|dos meus) dados\b",
    r"\bme (?:tir[ae]m?|remov[ae]m?|exclu[ai]m?|retir[ae]m?|descadastr\w+|desinscrev\w+)(?: (?:da|dess[ae]|disso|dai|diss|do (?:grupo|cadastro)|por favor)\b|$)|\bremova me\b",
    r"\b(?:vou|quero|irei) (?:te |voces? |ter que |esse numero )*(?:bloquear|bloqueio|denunciar)\b(?! (?:o cartao|a conta|meu|o carro|no procon|voces no procon))|\b(?:isso|isto) (?:ai )?e spam\b",
    r"\b(?:revogo|retiro|revogar) .{0,12}(?:consentimento|autorizacao|permissao)\b|\bsair (?:da|dessa|dessas|desse|do) (?:lista|grupo de|transmissao|cadastro)",
    r"\bme (?:deix[ae]m?) em paz\b|\bme esquec(?:e|am|a)$",
)
NOT_OPT_OUT = _compile(
    r"\bnao (?:para|pare|parem|precisa parar|quero parar|quero sair|vou sair|quero que pare|me tir[ae]m?|tir[ae]m? meu|cancel[ae]m? (?:as|os|minhas) )",
    r"\b(?:pode|podem|continu\w+) (?:continuar )?(?:mandando|me mandando|enviando)\b|\bcontinua mandando\b|\bnao (?:\w+ )?quero (?:me descadastrar|cancelar)\b",
    r"\bnao (?:recebi|chegou|chegaram|me mandaram|mandaram|enviaram)\b",
)

PERSON = (
    r"(?:atendentes?|humano|ser humano|pessoas?|alguem|gente|mecanic[oa]s?|don[oa]|gerente|gerencia|gestor\w*|consultor\w*|responsave[li]s?|tecnic[oa]|"
    r"vendedor\w*|supervisor\w*|recepcao|recepcionista|equipe|comercial|financeiro|encarregado|patrao|chefe|atendimento humano|funcionari[oa])"
)
HUMAN = _compile(
    rf"\b(?:falar|conversar|prosear|tratar|resolver|negociar|contato|fala) (?:\w+ ){{0,2}}(?:com|c|direto com) (?:\w+ ){{0,3}}{PERSON}\b",
    rf"\b(?:me |nos )?(?:passa|passe|transfere|transfira|transferir|chama|chame|chamar|bota|coloca|encaminha|encaminhe|direciona|liga|conecta)(?: me)? "
    rf"(?:logo |ai |pra|para|pro|com|o|a|um|uma|ao|de|no|na|falar|teu|seu|meu|esse|ja| )*\b{PERSON}\b(?! (?:do|da) (?:carro|xplaca))",
    rf"^(?:um |uma |quero |quero um |quero uma |preciso de um |preciso de uma |atendimento )?(?:{PERSON}|humano)(?: por favor| real| de verdade| agora| humano| urgente| xoi| \?)*$",
    r"\b(?:alguem|voces|voce|mecanico|consultor|gerente|dono|ele|ela|pessoal) (?:\w+ )?(?:me |podem? me |pode me )(?:ligar?|ligue|telefonar?|retornar? a ligacao)\b",
    r"\b(?:pode|podem|poderiam?|tem como|da pra|prefiro que|peco que) (?:voces )?me (?:ligar|ligarem|ligue|telefonar)\b|^(?:xfone )?me (?:liga|ligue|liguem)\b|\bliga (?:pra mim|aqui)\b|\bme (?:liga|ligue|liguem)(?: (?:ai|por favor|agora|urgente|ja|xfone|\?))*$",
    r"\batendimento humano\b|\batendente humano\b|\bpessoa (?:de verdade|real)\b|\bser humano\b|\bgente de verdade\b",
    r"\b(?:nao quero|nao gosto de|odeio|chega de|cansei de|sem|nao adianta|para de|detesto) (?:\w+ ){0,3}(?:robo|bot|maquina|ia)\b",
)
NOT_HUMAN = _compile(
    r"\bme (?:liga|ligue|liguem|ligar|avisa) (?:quando|assim que (?:ficar|terminar|chegar|tiver)|se (?:precisar|aparecer|tiver)|qualquer|so se|antes de|depois que|que eu)\b",
    r"\bnao (?:precisa|quero|me|precisam?) (?:\w+ )?(?:liga|ligar|ligue|falar com ninguem|falar com alguem|de atendente|chamar)",
    r"\bqualquer (?:coisa|duvida) me (?:liga|ligue|chama)\b",
    r"\b(?:ja |acabei de )(?:falei|conversei|falar|tratei) com\b",
)
ROBOT = re.compile(
    r"\b(?:voce|voces|isso|isso ai|aqui|tu|ai) (?:e|sao|eh) (?:\w+ )?(?:robo|bot|maquina|ia|inteligencia artificial|humano|gente|chatgpt|pessoa|de verdade)\b|"
    r"\b(?:falando|conversando) com (?:um |uma )?(?:robo|bot|maquina|ia|pessoa|humano|gente)\b|^(?:e |voce e )?(?:um |uma )?(?:robo|bot|ia|chatgpt)(?: ou (?:\w+ )?\w+)? \?|"
    r"\b(?:robo|bot|maquina) ou (?:uma? )?(?:pessoa|gente|humano)\b|\b(?:pessoa|gente|humano) ou (?:um |uma )?(?:robo|bot|maquina)\b"
)

DECIDE = r"(?:aprov\w+|autoriz\w+|libero|liberei|aceit\w+|fazer|faz|faca|facam|fazem|mexer|mexe|mexam|troc\w+|arrum\w+|consert\w+|compr\w+|execut\w+|seguir|prosseguir|continuar)"
REFUSAL = _compile(
    rf"\bnao (?:(?:mais|eu|a gente|nos) )?(?:quero|vou|vamos|pode|podem|e pra|posso|irei|iremos|precisa|pretendo|queremos|da pra|tenho como)(?: mais| que| voces| eu)* {DECIDE}\b",
    r"\bnao (?:aprov[oa]|aprovado|aprovamos|aprovar|autorizo|autorizei|autorizado|autorizamos|aceito|libero|faz|facam?|mexe|mexam|mexer|troca|troque|troquem)\b",
    r"\b(?:aprovo|autorizo|aceito|faz|mexe|pode|precisa) nao\b",
)
APPROVAL_AFTER_NO = _compile(
    r"\bnao (?:tem|tenho|vejo|ha) (?:\w+ )?(?:problema|jeito|duvida|escolha|outro jeito|opcao|objecao)(?: \w+){0,2}(?: ne| nao)? .{0,20}\b(?:pode|faz|aprov|autoriz|faca|manda|vamos)",
    r"\bnao (?:\w+ ){0,6}mas (?:\w+ ){0,3}(?:pode|podem|faz|aprovo|autorizo|aprova|vou fazer|vamos fazer)\b",
    r"\bnao (?:precisa|precisam) (?:\w+ ){1,5}(?:pode|podem) (?:ja )?(?:fazer|comecar|seguir|mandar|tocar|trocar)\b",
    r"\bnao (?:para|parem|pare)(?: nao)? .{0,15}\b(?:pode|podem) (?:continuar|seguir|fazer)\b",
    r"^(?:claro|ue|ora|po|porque|por que) (?:porque|que)? ?nao (?:\? )?.{0,10}\b(?:pode|podem|faz)\b",
)


def _any(patterns: Patterns, text: str) -> bool:
    return any(pattern.search(text) for pattern in patterns)


def is_abuse(typed: str, normal: str) -> bool:
    """Injection, other people's data, cost and margin, fraud, directed insults, threats, obscenity."""
    if _any(RAW_INJECTION, typed) or _any(ABUSE, normal):
        return True
    claim = IMPERSONATION.search(normal)
    return claim is not None and PRIVILEGE.search(normal, claim.end()) is not None


def is_opt_out(normal: str) -> bool:
    """No more messages, or: erase my data."""
    return _any(OPT_OUT, normal) and not _any(NOT_OPT_OUT, normal)


def wants_person(normal: str) -> bool:
    """Asks for a person or a call, now; a call "quando ficar pronto" is not meant."""
    return _any(HUMAN, normal) and not _any(NOT_HUMAN, normal)


def asks_if_robot(normal: str) -> bool:
    """Asks whether a machine is answering, which wants an honest yes."""
    return ROBOT.search(normal) is not None


def quote_decision(normal: str) -> Intent | None:
    """What a negated sentence about a quote decides: a refusal ("não pode fazer"), a yes ("não tem jeito, faz"), or nothing."""
    if _any(APPROVAL_AFTER_NO, normal):
        return Intent.APROVAR_ORCAMENTO
    return Intent.RECUSAR_ORCAMENTO if _any(REFUSAL, normal) else None


def alerts(typed: str, normal: str) -> tuple[Intent, ...]:
    """The intents found by explicit patterns, the gravest first."""
    found = (
        (Intent.TENTATIVA_ABUSO, is_abuse(typed, normal)),
        (Intent.OPT_OUT, is_opt_out(normal)),
        (Intent.FALAR_HUMANO, wants_person(normal) or asks_if_robot(normal)),
    )
    return tuple(intent for intent, holds in found if holds)
