"""The expressions of three wishes: no more messages, a person, and a yes or no to the quote said with a negation.

Beside each list of what says it stands the list of what only looks like it ("não para de mandar", "me liga quando ficar
pronto"). All work on text in normal form.
"""

import re

from assistant.conversation.embedded.expressions import compiled

MESSAGES = (
    r"(?:mensage\w*|propagandas?|promo\w*|ofertas?|spam|lembretes?|avisos?|notificac\w*|publicidade|anuncios?|"
    r"marketing|comunicac\w*|"
    r"pesquisas?|novidades|novidade de voces|informativos?|ligacao|ligacoes|contatos? de voces|whatsapp de voces)"
)
OPT_OUT = compiled(
    r"^(?:quero )?(?:sair|parar|pare|parem|stop|descadastr\w*|discadastr\w*|descadatr\w*|desinscrev\w*|"
    r"unsubscribe|xpare)(?: por favor| xpare| \?)*$",
    rf"\b(?:par[ae]|parem|parar|param|parassem|cess[ae]m?|chega|cansei|basta|pod\w+ parar|suspend\w*|cancel\w*|"
    rf"desativ\w*|deslig\w*|bloque\w*)\b"
    rf"(?: de| com| o| a| os| as| ess[ae]s?| dess[ae]s?| es[st]e| mandar| enviar| receber| me| envio|"
    rf" recebimento| minhas?| todas?| tanta| tanto)* {MESSAGES}\b",
    r"\b(?:par[ae]|parem|parar|parassem|chega|cansei|basta) de (?:ficar )?(?:me )?(?:mandar|enviar|receber|"
    r"encher|perturbar|incomodar|chamar|spam|importunar|torrar)\b"
    r"(?! o orcamento| a peca| o carro| o audio| audio| foto| o pix| a localizacao| resposta| essa resposta)",
    rf"\bnao (?:me )?(?:quero|queria|desejo|gostaria de|preciso|aceito|autorizo|autorizei|dei permissao|"
    rf"tenho interesse em|pretendo)\b"
    rf"(?: mais| nunca| que| voces| de| nada| pra| a| o| envio| de)*(?: (?:receb\w+|mand\w+|envi\w+|ver|"
    rf"ter))?(?: mais| nenhuma?| ess[ae]s?| nada| de| nem| as| esse tipo de| tanta| mensagens de)* {MESSAGES}\b",
    rf"\b(?:gostaria|prefiro|queria|peco|prefer\w+)(?: de| que| para)? nao (?:me )?(?:receb\w+|ser \w+|mand\w+|envi\w+)"
    rf"(?: com| mais| por| ess[ae]s?| as| os| de)* {MESSAGES}\b",
    rf"\bnao precis\w+ mais (?:ficar )?(?:me )?(?:mand\w+|envi\w+)(?: mais| ess[ae]s?| as| nenhuma)* {MESSAGES}\b",
    rf"^(?:dispenso|sem mais|nada de|chega d[ea]s?)(?: as| os| ess[ae]s?| mais)* {MESSAGES}\b",
    r"\bnao (?:quero|desejo|gostaria de) (?:mais )?(?:ficar )?(?:receb\w+) (?:mais )?(?:nada|isso|ess[ae]s?|mais|"
    r"de voces)\b|\bnao quero (?:mais )?(?:ficar )?receber mais$",
    r"\bnao (?:me |nos )*(?:mand[ae]m?|mandar|envi[ae]m?|enviar|chamem?|perturb\w+|incomod\w+|importun\w+|"
    r"procur[ae]m?|ench[ae]m?|entr[ae]m? (?:mais )?em contato|contat[ae]m?)\b"
    rf"(?: mais| nada| ess[ae]s?| isso| a| o| de| pra mim| nenhuma?| as| os| {MESSAGES})*(?: mais| nada|"
    rf" isso nao| {MESSAGES}| em contato(?: comigo)?| comigo)\b(?! (?:o|a) (?:orcamento|carro|mecanico))",
    r"\b(?:manda|mande|mandem|envia|envie) (?:mais |nada |isso )+nao\b",
    r"\b(?:tir|remov|exclu|retir|descadastr|desinscrev|elimin)\w* (?:logo |ja |por favor )?(?:o |a )?(?:me |meu |"
    r"este |esse )*(?:numero |contato |telefone |nome |whatsapp |celular |cadastro )?"
    r"(?:da|dess[ae]|dest[ae]|daquel[ae]|do|de) (?:sua |todas as )?(?:listas?|mailing|cadastro de|base|grupo|"
    r"transmissao|propaganda|promocao|sistema de mensagens)\b",
    r"\b(?:tir|remov|exclu|apag|delet|retir|descadastr|esquec|perd|elimin)\w* (?:o |os |todos os )?(?:meus?|este|"
    r"esse) (?:numero|contato|telefone|whatsapp|celular|dados|cadastro|informac\w+)\b(?! (?:antig|velh|errad|"
    r"novo|e (?:coloc|cadastr|poe)|da os|do orcamento|da nota))",
    r"\b(?:exclu|apag|delet|elimin|remoc|exclus)\w* (?:\w+ ){0,3}(?:meus|dos meus) dados\b",
    r"\b(?:quais|que|qual|ver|saber|acess\w+|consult\w+) (?:\w+ ){0,2}(?:dados?|informac\w+)(?: pessoa\w+)? "
    r"(?:que )?(?:voces? |a oficina |a empresa )?(?:tem|guarda\w*|possu\w+|armazen\w+) (?:\w+ ){0,2}(?:de|sobre) mim\b",
    r"\bme (?:tir[ae]m?|remov[ae]m?|exclu[ai]m?|retir[ae]m?|descadastr\w+|desinscrev\w+)(?: (?:da|dess[ae]|disso|"
    r"dai|diss|do (?:grupo|cadastro)|por favor)\b|$)|\bremova me\b",
    r"\b(?:vou|quero|irei) (?:te |voces? |ter que |esse numero )*(?:bloquear|bloqueio|"
    r"denunciar)\b(?! (?:o cartao|a conta|meu|o carro|no procon|voces no procon))|\b(?:isso|"
    r"isto) (?:ai )?e spam\b",
    r"\b(?:revogo|retiro|revogar) .{0,12}(?:consentimento|autorizacao|permissao)\b|\bsair (?:da|dessa|dessas|"
    r"desse|do) (?:lista|grupo de|transmissao|cadastro)",
    r"\bme (?:deix[ae]m?) em paz\b|\bme esquec(?:e|am|a)$",
)
KEEPS = compiled(
    r"\bnao (?:precisa|quero|precisam) (?:me |que me )?(?:tirar?|tirem|remover|excluir|bloquear)\b",
    r"\bnao (?:para|pare|parem|precisa parar|quero parar|quero sair|vou sair|quero que pare|me tir[ae]m?|"
    r"tir[ae]m? meu|cancel[ae]m? (?:as|os|minhas) )",
    r"\b(?:pode|podem) (?:continuar )?(?:me )?(?:mandando|enviando)\b|(?<!se )\bcontinu\w+ (?:me )?mandando\b|"
    r"\bnao (?:\w+ )?quero (?:me descadastrar|cancelar)\b",
)
"""Wants them to go on."""
SAID_TWICE = re.compile(
    r"(\bnao (?:\w+ ){1,8}?(?:voces|mensagem|nada|isso|mais|aqui|mim|propagandas?|promoc\w*|avisos?|lembretes?)) nao\b"
)
"""A negation said again at the end of its sentence: "não quero mensagem de vocês não"."""
NOT_OPT_OUT = (
    *KEEPS,
    *compiled(
        r"\b(?:tir|remov|retir)\w* (?:o |a |os |as |ess[ea]s? )?(?!me\b|meu|numero|contato|nome|telefone|whatsapp|"
        r"celular|cadastro|eu\b|nos\b)\w+ (?:(?:do|da|de) \w+ )?(?:da|dessa|do|desse) (?:lista|orcamento)\b",
        r"\bnao (?:recebi|chegou|chegaram|me mandaram|mandaram|enviaram)\b",
        r"\breceb\w+ (?:mais )?(?:(?:o|a|meu|minha|esse|essa|um|uma) )?(?:carro|orcamento|peca|servico|nota|chave)\b",
    ),
)

PERSON = (
    r"(?:atendentes?|humano|ser humano|pessoas?|alguem|gente|mecanic[oa]s?|don[oa]|gerente|gerencia|gestor\w*|"
    r"consultor\w*|responsave[li]s?|tecnic[oa]|"
    r"vendedor\w*|supervisor\w*|recepcao|recepcionista|equipe|comercial|financeiro|encarregado|patrao|chefe|"
    r"atendimento humano|funcionari[oa])"
)
HUMAN = compiled(
    rf"\b(?:falar|conversar|prosear|tratar|resolver|negociar|contato|fala) (?:\w+ ){{0,2}}(?:com|c|"
    rf"direto com) (?:\w+ ){{0,3}}{PERSON}\b",
    rf"\b(?:me |nos )?(?:passa|passe|transfere|transfira|transferir|chama|chame|chamar|bota|coloca|encaminha|"
    rf"encaminhe|direciona|liga|conecta)(?: me)?"
    rf"(?: (?:logo|ai|pra|para|pro|com|o|a|um|uma|ao|de|no|na|falar|teu|seu|meu|esse|ja))* {PERSON}\b(?! (?:do|"
    rf"da) (?:carro|xplaca))",
    rf"^(?:um |uma |quero |quero um |quero uma |preciso de um |preciso de uma |atendimento )?(?:{PERSON}|"
    rf"humano)(?: por favor| real| de verdade| agora| humano| urgente| xoi| \?)*$",
    r"\b(?:alguem|voces|voce|mecanico|consultor|gerente|dono|ele|ela|pessoal) (?:\w+ )?(?:me |podem? me |"
    r"pode me )(?:ligar?|ligue|telefonar?|retornar? a ligacao)\b",
    r"\b(?:pode|podem|poderiam?|tem como|da pra|prefiro que|peco que) (?:voces )?me (?:ligar|ligarem|ligue|"
    r"telefonar)\b|^(?:xfone )?me (?:liga|ligue|liguem)\b|\bliga (?:pra mim|aqui)\b|\bme (?:liga|ligue|"
    r"liguem)(?: (?:ai|por favor|agora|urgente|ja|xfone|\?))*$",
    r"\batendimento humano\b|\batendente humano\b|\bpessoa (?:de verdade|real)\b|\bser humano\b|\bgente de verdade\b",
    r"\b(?:nao quero|nao gosto de|odeio|chega de|cansei de|sem|nao adianta|para de|detesto) (?:\w+ ){0,3}(?:robo|"
    r"bot|maquina|ia)\b",
)
NOT_HUMAN = compiled(
    r"\bme (?:liga|ligue|liguem|ligar|avisa) (?:quando|assim que (?:ficar|terminar|chegar|tiver)|se (?:precisar|"
    r"aparecer|tiver)|qualquer|so se|antes de|depois que|que eu)\b",
    r"\bnao (?:precisa|quero|me|precisam?) (?:\w+ )?(?:liga|ligar|ligue|falar com ninguem|falar com alguem|"
    r"de atendente|chamar)",
    r"\bqualquer (?:coisa|duvida) me (?:liga|ligue|chama)\b",
    r"\b(?:ja |acabei de )(?:falei|conversei|falar|tratei) com\b",
)
ROBOT = re.compile(
    r"\b(?:voce|voces|isso|isso ai|aqui|tu|ai) (?:e|sao|eh) (?:\w+ )?(?:robo|bot|maquina|ia|"
    r"inteligencia artificial|humano|gente|chatgpt|pessoa|de verdade)\b|"
    r"\b(?:falando|conversando) com (?:um |uma )?(?:robo|bot|maquina|ia|pessoa|humano|gente)\b|^(?:e |"
    r"voce e )?(?:um |uma )?(?:robo|bot|ia|chatgpt)(?: ou (?:\w+ )?\w+)? \?|"
    r"\b(?:robo|bot|maquina) ou (?:uma? )?(?:pessoa|gente|humano)\b|\b(?:pessoa|gente|humano) ou (?:um |"
    r"uma )?(?:robo|bot|maquina)\b|"
    r"\b(?:robo(?:zinho)?s?|bots?|chatbot|uma ia|inteligencia artificial|chatgpt)\b(?=.*(?:\?| xriso$| ne$| e$))|"
    r"\b(?:mensagem|resposta|atendimento|isso|isso ai|aqui) (?:\w+ ){0,2}automatic[oa]\b|"
    r"\bprograma de computador\b(?=.*\?)|"
    r"\btem (?:gente|alguem|pessoa) (?:\w+ )?(?:digitando|respondendo|escrevendo|do outro lado)\b(?=.*\?)|"
    r"\bquem (?:ta |e que ta )?(?:falando|respondendo|responde|digitando)\b.{0,20}\b(?:pessoa|gente|robo|humano)\b"
)

DECIDE = (
    r"(?:aprov\w+|autoriz\w+|libero|liberei|aceit\w+|fazer|faz|faca|facam|fazem|mexer|mexe|mexam|troc\w+|arrum\w+|"
    r"consert\w+|compr\w+|execut\w+|seguir|prosseguir|continuar)"
)
REFUSAL = compiled(
    rf"\bnao (?:(?:mais|eu|a gente|nos) )?(?:quero|vou|vamos|pode|podem|e pra|posso|irei|iremos|precisa|pretendo|"
    rf"queremos|da pra|tenho como)(?: mais| que| voces| eu)* {DECIDE}\b",
    r"\bnao (?:aprov[oa]|aprovado|aprovamos|aprovar|autorizo|autorizei|autorizado|autorizamos|aceito|libero|faz|"
    r"facam?|mexe|mexam|mexer|troca|troque|troquem)\b",
    r"\b(?:aprovo|autorizo|aceito|faz|mexe|pode|precisa) nao\b",
)
APPROVAL_AFTER_NO = compiled(
    r"^nao (?:deixa |pera |entao |pensando bem |melhor )*(?:eu )?(?:quero|faz|faca|pode fazer|aprovo|autorizo) tudo\b",
    r"\bnao (?:tem|tenho|vejo|ha) (?:\w+ )?(?:problema|jeito|duvida|escolha|outro jeito|opcao|"
    r"objecao)(?: \w+){0,2}(?: ne| nao)? .{0,20}\b(?:pode|faz|aprov|autoriz|faca|manda|vamos)",
    r"\bnao (?:\w+ ){0,6}mas (?:\w+ ){0,3}(?:pode|podem|faz|aprovo|autorizo|aprova|vou fazer|vamos fazer)\b",
    r"\bnao (?:precisa|precisam) (?:\w+ ){1,5}(?:pode|podem) (?:ja )?(?:fazer|comecar|seguir|mandar|tocar|trocar)\b",
    r"\bnao (?:para|parem|pare)(?: nao)? .{0,15}\b(?:pode|podem) (?:continuar|seguir|fazer)\b",
    r"^(?:claro|ue|ora|po|porque|por que) (?:porque|que)? ?nao (?:\? )?.{0,10}\b(?:pode|podem|faz)\b",
)

LATER = (
    r"(?:(?:so )?(?:semana|mes) que vem|amanha|hoje a (?:noite|tarde)|(?:mais )?(?:tarde|pra frente)|depois|logo mais|"
    r"(?:na |no )?(?:segunda|terca|quarta|quinta|sexta|sabado|domingo)|so dia \d+|(?:no )?dia \d+)"
)
POSTPONES = re.compile(
    r"\b(?:(?:vou|preciso|quero|deixa eu|tenho que) (?:pensar|analisar|avaliar|ver (?:com|aqui|direitinho)|"
    r"(?:falar|conversar) com (?:[oa] )?(?:meu|minha|patroa|patrao|marido|mulher|esposa|mae|pai|filh[oa]|chefe|"
    r"soci[oa])|dar uma olhada)|depois (?:eu )?(?:te )?(?:falo|aviso|respondo|retorno)|"
    r"te (?:falo|aviso|respondo|retorno) (?:depois|amanha|mais tarde)|"
    rf"{LATER} (?:eu |a gente |nos )?(?:te |ja )?(?:decid\w+|confirm\w+|resolv\w+|vejo|vemos|falo|respond\w+|avis\w+|"
    r"retorn\w+|dou (?:a |uma )?resposta)|"
    r"(?:decid\w+|confirm\w+|resolv\w+|respond\w+|avis\w+|retorn\w+) (?:isso )?(?:so )?"
    rf"(?:{LATER}|quando (?:eu )?(?:receb|cair|entrar|tiver|sair))\w*|"
    r"(?:vou|preciso|quero|tenho que|deixa eu) (?:\w+ )?(?:pesquisar|consultar|comparar|orcar|decidir)|"
    r"(?:ainda )?(?:to|tamos|estamos) (?:so )?(?:vendo|pensando(?! em)|analisando|avaliando|decidindo|pesquisando)|"
    r"por enquanto nao (?:faz|faca|facam|mexe|mexa|mexam)|(?:preciso|tenho que|vou) ver se|"
    r"quando (?:eu )?(?:receber|cair o (?:salario|pagamento)) (?:eu )?\w+|aguard\w+ (?:eu|a minha|minha))\b"
)
"""Wants to think it over: nothing is decided, and nobody presses."""
