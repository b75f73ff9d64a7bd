"""What customers of the demo shop typically write, by phone. Written for measuring time; nothing is learnt from it."""

JOAO, MARIA, CARLOS, ANA, PAULO = (
    "5511987654321",
    "5511912345678",
    "5511998765432",
    "5511976543210",
    "551185551234",
)
STRANGER = "5511900001111"

TYPICAL: tuple[tuple[str, str], ...] = (
    (JOAO, "oi, cadê meu carro?"),
    (JOAO, "bom dia, tudo bem? queria saber se já descobriram o que é aquele barulho na suspensão do gol"),
    (JOAO, "quando foi que troquei o óleo aí?"),
    (JOAO, "vcs abrem sábado?"),
    (MARIA, "quanto falta pagar do audi"),
    (MARIA, "posso pegar o carro hoje? e aceita cartão?"),
    (MARIA, "e o polo ainda tá na garantia?"),
    (MARIA, "QWE4R56"),
    (CARLOS, "me explica esse orçamento por favor"),
    (CARLOS, "pode fazer"),
    (CARLOS, "nossa, tá muito caro, não vou querer não"),
    (CARLOS, "quanto ficou?"),
    (ANA, "oi boa tarde, minha T-Cross fica pronta que horas?"),
    (ANA, "queria falar com uma pessoa"),
    (ANA, "obrigada!"),
    (PAULO, "a peça do voyage já chegou?"),
    (PAULO, "isso já tá demorando demais, absurdo"),
    (PAULO, "OS-1046 previsão"),
    (STRANGER, "bom dia, quanto custa pra trocar a embreagem de um gol 2014?"),
    (STRANGER, "qual o endereço de vocês?"),
    (STRANGER, "dá pra marcar uma revisão na quinta de manhã?"),
    (STRANGER, "oi"),
)
