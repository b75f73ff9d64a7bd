"""What the state of a customer's order adds to the words: "quanto ficou" is the quote, the bill or a new price.

The caller reads the state from the shop's tables; nothing is read here.
"""

import re
from dataclasses import dataclass

from assistant.conversation.embedded.intents import Intent
from assistant.conversation.embedded.lexicon import family_of


@dataclass(frozen=True)
class OrderContext:
    """The state of the speaker's orders. All false: a customer without any, or an unknown number."""

    has_open_order: bool = False
    has_quote_sent: bool = False
    """A quote waits for the customer's decision."""
    has_balance_due: bool = False
    """The work is finished and something is left to pay."""
    has_lead: bool = False
    """Somebody new, who has told of work to do."""


PRICES = frozenset({Intent.ORCAMENTO_DETALHES, Intent.NOVO_ORCAMENTO, Intent.PAGAMENTO})
DECISIONS = frozenset({Intent.APROVAR_ORCAMENTO, Intent.RECUSAR_ORCAMENTO})
VAGUE_PRICE = re.compile(
    r"^(?:e |mas |so |entao |me (?:fala|diz|passa|manda) |queria saber |quero saber |sabe )*"
    r"(?:quanto|o valor|valor|o preco|preco|qual (?:e |foi |o |ficou )*(?:valor|preco|total)|em quanto)\b"
)
YES = re.compile(
    r"^(?:sim|claro|isso|isso mesmo|pode|pode ser|pode sim|com certeza|exato|positivo|aham|uhum|quero|quero sim|"
    r"s|ss|sim sim|"
    r"certo|confirmo|confirmado|ok|okay|xjoia|fechado|fechou|bora|beleza|ta|ta bom|combinado|por favor sim|"
    r"sim por favor)"
    r"(?: (?:sim|pode|claro|por favor|xjoia|xgrato|obrigado|ok|quero|confirmo|isso))*$"
)
NO = re.compile(
    r"^(?:(?:ah|a|nao|entao) )*(?:nao|n|nn|nope|negativo|agora nao|nao nao|ainda nao|melhor nao|"
    r"acho que nao|por enquanto nao|nao quero|"
    r"deixa(?: pra la| para la| quieto)?|xraiva)"
    r"(?: (?:obrigado|nao|por enquanto|agora|valeu|xgrato|quero|precisa|ainda))*$"
)


def is_vague_price(normal: str) -> bool:
    """Asks for an amount without naming any work: "quanto ficou?", "qual o valor", not "quanto é a troca de óleo"."""
    work = any(family_of(word) in {"mecanica", "sintoma", "servicoextra"} for word in normal.split())
    return VAGUE_PRICE.search(normal) is not None and not work and len(normal.split()) <= 9


def by_context(intent: Intent, normal: str, context: OrderContext) -> Intent:
    """The intent that a vague question about money has in this state; any other stays what it is."""
    if intent not in PRICES or not is_vague_price(normal):
        return intent
    if re.search(r"\b(?:devo|devendo|pagar|falta|quitar|pix|parcela\w*|vista|saldo)\b", normal):
        return intent
    if context.has_quote_sent:
        return Intent.ORCAMENTO_DETALHES
    if context.has_balance_due:
        return Intent.PAGAMENTO
    if context.has_lead:
        return Intent.NOVO_ORCAMENTO
    return Intent.ORCAMENTO_DETALHES if context.has_open_order else intent
