"""The expressions of abuse: injection, other people's data, the shop's secrets, fraud, impersonation, obscenity.

Threats: `threats.py`. The near misses are tests (`tests/assistant/embedded/test_patterns.py`): a customer who asks for
"o custo da peça", says "sou o dono do gol" or swears at a delay abuses nobody. All but `RAW_INJECTION`
work on text in normal form.
"""

import re

from assistant.conversation.embedded.expressions import compiled

RAW_INJECTION = compiled(
    r"\bcomo voce foi (?:programad|treinad|configurad|instruid)|\bcodigo (?:de verificacao|sms|"
    r"que chegou por sms)\b|\btabelas? do banco\b",
    r"\b(?:ferramentas|funcoes|comandos|tools) .{0,20}\bvoce (?:pode|tem|usa|chama)|"
    r"\bsem (?:nenhum[a]? )?(?:restric\w*|filtros?|censura|limitac\w*)\b|\b(?:siga|obedeca|"
    r"cumpra) (?:as )?minhas ordens\b",
    r"(?i)\bselect\b.+\bfrom\b|\bdrop\s+table\b|\bunion\s+select\b|'\s*or\s+'?1'?\s*=\s*'?1",
    r"(?i)<\s*/?\s*(?:script|system|inst|assistant)\b|\[\s*/?\s*(?:system|inst)\s*\]|\"role\"\s*:",
    r"(?im)^\s*(?:#+\s*)?(?:system|assistant|instruction|developer)s?\s*:|\{\{.+\}\}|\$\{.+\}|\brm\s+-rf\b|<\|"
    r"im_start\|>",
)
INJECTION = compiled(
    r"\bcomo voce foi (?:programad|treinad|configurad|instruid)|\bcodigo (?:de verificacao|sms|"
    r"que chegou por sms)\b|\btabelas? do banco\b",
    r"\b(?:ferramentas|funcoes|comandos|tools) .{0,20}\bvoce (?:pode|tem|usa|chama)|"
    r"\bsem (?:nenhum[a]? )?(?:restric\w*|filtros?|censura|limitac\w*)\b|\b(?:siga|obedeca|"
    r"cumpra) (?:as )?minhas ordens\b",
    r"\b(?:ignor|desconsider|esquec|disregard|forget|overrid)\w* .{0,30}\b(?:instruc\w*|regras?|prompt|ordens|"
    r"comandos|diretrizes|"
    r"instructions|rules|tudo que (?:te|ti|voce) (?:falaram|mandaram|disseram|ensinaram|programaram|foi|recebeu|"
    r"aprendeu))\b",
    r"\b(?:system )?prompt\b(?! entrega)|\bjail ?break\b|\bmodo (?:desenvolvedor|dev|debug|admin\w*|deus|root|dan)\b",
    r"\b(?:mostr|dig|diz|repet|repit|revel|fal|copi|resum|traduz|list|imprim|quais|qual|escrev)\w* .{0,25}"
    r"\bsuas (?:instruc\w*|diretrizes|configurac\w*|regras (?:internas|secretas|de sistema))\b",
    r"\b(?:finja|finge|fingir|faz de conta|faca de conta|aja|atue|simule|imagine) .{0,25}"
    r"\b(?:regras?|restric\w*|limites?|filtros?|hacker|admin\w*|sem censura|dono da oficina|gerente)\b",
    r"\ba partir de agora voce (?:e|sera|vai|responde|obedece|nao tem)\b|\bvoce agora e (?!o |meu |minha )",
    r"\b(?:repita|repete|repetir|copie|copia|imprima|mostre) .{0,25}\b(?:acima|antes (?:disso|dessa mensagem)|"
    r"palavra por palavra)\b",
    r"\bsenhas? (?:do|de|da) (?:sistema|admin\w*|banco|painel|kommo|servidor|crm|computador)\b|"
    r"\bchave (?:da |de )?api\b|\bapi key\b|\btoken (?:do|da|de)\b|\bacesso (?:ao|no) (?:sistema|banco|painel)\b",
    r"\b(?:ignore|disregard|forget|reveal|print|bypass)\b.{0,30}\b(?:previous|instructions?|rules|prompt|"
    r"password|system)\b",
    r"\b(?:hackear|invadir|derrubar) .{0,15}\b(?:sistema|site|bot|robo|banco de dados|servidor)\b",
)
OTHERS_DATA = compiled(
    r"\b(?:nome|telefone|celular|whatsapp|contatos?|endereco|cpf|rg|dados|cadastro|email|numero|placa|ficha)s? "
    r"(?:(?:completo|pessoal|pessoais|residencial) )?(?:do|da|dos|das|de) (?:outr[oa]s? |ultimo |ultima |"
    r"todos os |todas as )?"
    r"(?:clientes?|vizinh[oa]|minha ex|meu ex|ex)\b",
    r"\b(?:nome|telefone|celular|whatsapp|contato|endereco|cpf|rg|dados|numero)s? (?:e \w+ )?(?:do|da|dos) "
    r"(?:dono|dona|donos|proprietari[oa]|motorista) (?:do|da|dess[ea]|daquel[ea]|xplaca|carro|que)\b",
    r"\bde quem (?:e|era|sao) (?:o |a |os |ess[ea]s? |aquel[ea]s? )*(?:carros?|placa|xplaca|audi)\b",
    r"\bquem e (?:o|a) (?:dono|dona|proprietari[oa]) (?:(?:do|dess[ea]|daquel[ea]) carro|"
    r"(?:da|do|dessa) (?:placa|xplaca))\b",
    r"\bdon[oa] (?:da|dessa) placa\b|(?<!sou )(?<!sou o )(?<!sou a )\bdon[oa] .{0,12}xplaca\b",
    r"\b(?:lista|relacao|base|tabela|planilha) (?:com |completa )?(?:de|dos|os) (?:\w+ )?clientes\b|"
    r"\btodos os clientes\b|\blist\w* (?:os|todos os) clientes\b",
    r"\b(?:mostr|pass|mand|quanto|qual|quais|list|ve|diz|fal|conta|orcamento|dados|conversa|mensage|ordens|os|"
    r"exib|puxa)\w* "
    r".{0,35}\b(?:d[eoa]s? )?(?:outr[oa]s? clientes?|clientes? anterior|ultimo cliente|outras pessoas|"
    r"outro cliente)\b",
    r"\b(?:quanto|orcamento|dados|o que|puxa|ve|ver|mostra|passa|conserto|valor|conta) .{0,40}"
    r"\bcarro (?:do|da) (?:(?:meu|minha) )?(?:vizinh[oa]|ex\b|concorrente)",
    r"\bminha ex(?: mulher| esposa)? .{0,40}\b(?:gastou|levou|pagou|fez|deixou)\b|"
    r"\bmeu ex(?: marido)? .{0,40}\b(?:gastou|levou|pagou)\b",
    r"\b(?<!meu )cpf (?:e \w+ )?(?:do|da|de) (?!voces|oficina|empresa|nota|titular|minha|meu)\w+",
    r"\b(?:onde|qual a casa|qual a rua) .{0,12}\b(?:mora|moram|reside)\b (?!voce)\w+",
)
SECRETS = compiled(
    r"\bmarge(?:m|ns) (?:de lucro|de voces|da oficina|aplicada|na|nas|no|nos|ness[ea]|em cima|d lucro|que voces)|"
    r"\bmarkup\b",
    r"\bvoces (?:\w+ )?(?:lucram|lucra|faturam|fatura|faturaram|lucraram|lucrou)\b|\bo lucro (?:de voces|"
    r"da oficina|ness|n[oa]s?\b|dess|disso)|"
    r"\b(?:qual|quanto) (?:e |foi )?o lucro\b",
    r"\bvoces (?:ganham|ganha|tiram|colocam|metem|ganharam) (?:\w+ )?(?:em cima|ness[ea]|nisso|por peca|"
    r"n[oa]s? pecas?|por servico|de lucro)",
    r"\bquanto (?:que )?(?:voces|a oficina) (?:\w+ )?(?:paga|pagam|pagou|pagaram) (?:\w+ ){0,2}(?:peca|pecas|kit|"
    r"embreagem|bomba|fornecedor|oleo|pastilha|material|nisso|nela|nele)",
    r"(?<!faz a )(?<!fazem a )(?<!vende a )(?<!faz por )\b(?:preco|valor) de custo\b|\bcusto (?:d[aoe]s? \w+ |"
    r"real )?(?:pra|para) (?:voces|a oficina)\b|"
    r"\bcusta (?:ess[ea] \w+ )?(?:pra|para) voces\b|\bcusto de (?:compra|fornecedor)\b|\bno fornecedor de voces\b",
    r"\bfaturamento (?:da|de|do|mensal|anual)\b|\bsalario (?:do|dos|da|de)\b(?! minimo)",
)
FRAUD = compiled(
    r"\b(?:nota|recibo|comprovante|orcamento|nf)\b .{0,15}\b(?:valor maior|no dobro|data antiga|a mais pro|"
    r"pro seguro pagar|pra enganar)",
    r"\b(?:fraud|engan|burl)\w* (?:o |a |meu )?(?:seguro|seguradora|vistoria|inspecao)|\bcomo (?:fraud|hacke|"
    r"clon|invad|falsific|arromb)\w+",
    r"\b(?:confirma|considera|registra|da baixa|aprova)\w* .{0,25}\b(?:sem (?:eu )?pagar|valor zero|como pago|"
    r"pago meu)|\beu nao paguei mas\b",
    r"\bhodometro\b|\b(?:vend\w+|tem|compr\w+|consigo|fumar) .{0,8}\b(?:maconha|cocaina|droga|drogas|baseado|"
    r"lanca perfume|arma|armas)\b",
    r"\b(?:nota|comprovante|laudo|recibo|orcamento|nf)(?: fiscal)? (?:fals[oa]|fria|retroativ[oa]|adulterad[oa]|"
    r"superfaturad[oa])\b",
    r"\b(?:marca|marque|coloca|registra|bota|poe|lanca|da baixa)\b .{0,30}\b(?:como (?:pag[oa]|quitad[oa])|"
    r"sem (?:eu )?pagar)\b(?!.*\b(?:fiz o pix|ja paguei|comprovante))",
    r"\b(?:zera|zere|apaga|apague|some com|perdoa) .{0,12}\b(?:divida|debito|saldo|conta|valor)\b",
    r"\b(?:muda|mude|altera|altere|edita|edite|troca|baixa) .{0,15}\b(?:valor|preco|status|orcamento|"
    r"os)\b .{0,20}\b(?:pra|para) (?:zero|xnum|xvalor|entregue|pago|pronto)\b",
    r"\b(?:volta|voltar|baixa|baixar|adulterar?|diminuir?|zerar?) .{0,12}\b(?:km|quilometragem|hodometro)\b",
    r"\b(?:raspar?|remarcar?) .{0,6}chassi\b|\bclon\w+ .{0,6}placa\b|\bcarro roubado .{0,20}\b(?:peca|desmanch|vend)",
    r"\b(?:me vend\w+|vend\w+ .{0,15}) por (?:um real|xvalor sem volta)\b",
)
IMPERSONATION = re.compile(
    r"\b(?:sou|aqui e|falo como|eu sou)(?: o| a| da| do| seu| um)* (?:(?:novo |novo )?(?:dono|dona|"
    r"proprietari[oa]|gerente|socio|administrador\w*|admin|desenvolvedor\w*|"
    r"programador\w*|criador)(?! (?:do|da) (?:carro|xplaca|meu|frota|empresa|transport|loja|predio|mercado|"
    r"fazenda))|policia\w*|policial|oficial de justica|detran|suporte|equipe de ti|kommo|openai|meta|anthropic)\b"
)
PRIVILEGE = re.compile(
    r"\b(?:liber|mostr|dados|senha|token|desconto|acesso|logs|faturamento|custo|margem|lista|cpf|endereco|zer|"
    r"alter|muda|apaga|"
    r"de graca|obedec|aprov|prompt|me passa|onde ta o carro|proprietari)\w*"
)
INSULT = (
    r"(?:lixo|bosta|merda|puta|vagabund[oa]|viado|arrombad[oa]|desgracad[oa]|otari[oa]|imbecil|idiota|corno|"
    r"macaco|pret[oa]|babaca|"
    r"filho da puta|burr[oa] do|cuza\w+|canalha|escrot[oa]|retardad[oa]|fdp|verme|pilantra|vadia|puto)"
)
INSULTS = compiled(
    rf"\b(?:seus?|suas?|bando de|cambada de|raca de|voces? (?:e|sao)(?: uma?s?| uns| tudo)?|robo|maquina|"
    rf"bot) (?:(?:robo|bot|maquina|inutil|ridiculo) )*(?:de )?{INSULT}s?\b"
    r"(?! (?:de|a) (?:servico|carro|peca|atendimento))",
    r"\b(?:vai|vao|va|vaum) (?:se |te |toma?r? (?:no|o) |pra )(?:foder|fude\w*|ferrar|cu|puta|porra|inferno|"
    r"merda|caralho|fode)\b|\btomar? no cu\b|\bfoda se\b|\bfodase\b",
    r"\b(?:vtnc|vtmnc|vsf|tnc|fdp|pnc|arrombad[oa]s?|cuza[o]|filh[oa]s? d[ae] (?:uma )?puta|cala a boca (?:sua|"
    r"seu|maquina|robo|otari))\b|\bxofensa\b",
    rf"^(?:{INSULT}|caralho|porra|cacete|\s)+$",
)
"""Said to the shop's people: an angry customer, whom a person answers."""
OBSCENITY = compiled(
    r"\b(?:racista|nazista|hitler|erotic[oa]s?|(?:fala|falar|quero|faz|fazer) (?:uma )?safadezas?|palavr(?:ao|"
    r"oes)|pornografia|senzala|traveco|transar|orgia|odeio (?:preto|negro|gay|nordestino|judeu|pobre)s?)\b",
    r"\bxing(?:a|ue|ar) (?:o|a|meu|minha|ele|"
    r"ela)\b|\bcala (?:a )?boca\b|\bno (?:seu |teu )?(?:cu|rabo)\b",
    r"\b(?:nudes?|pelad[oa]s?|putaria|buceta|xota|piroca|porno\w*|punheta|boquete|te comer|chupa(?:r)? (?:meu|"
    r"minha|aqui)|me chupa|fazer sexo|quero sexo|quero transar)\b",
)
ABUSE = (*INJECTION, *OTHERS_DATA, *SECRETS, *FRAUD, *INSULTS, *OBSCENITY)
