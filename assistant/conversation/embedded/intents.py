"""The closed set of things a customer's message can be about.

The names are those of the examples, the evaluation files and the turn trace; they never reach a customer.
"""

from enum import StrEnum


class Intent(StrEnum):
    """What a customer wants. `COURTESY` and `ALERTS` group them by how they combine in one message."""

    STATUS_OS = "status_os"
    """Where is my car, what is being done, did the part arrive."""
    PREVISAO_ENTREGA = "previsao_entrega"
    """When will it be ready, when can I fetch it."""
    ORCAMENTO_DETALHES = "orcamento_detalhes"
    """What is in the quote that exists, why so much, a discount on it."""
    APROVAR_ORCAMENTO = "aprovar_orcamento"
    RECUSAR_ORCAMENTO = "recusar_orcamento"
    HISTORICO = "historico"
    """What was done before, and when."""
    PAGAMENTO = "pagamento"
    """How and how much to pay, receipts, invoices."""
    AGENDAMENTO = "agendamento"
    """Book, move or cancel a visit."""
    HORARIO_ENDERECO = "horario_endereco"
    """Opening hours, address, contact, and which services the shop offers."""
    GARANTIA = "garantia"
    FALAR_HUMANO = "falar_humano"
    OPT_OUT = "opt_out"
    """No more messages, or erase my data."""
    SAUDACAO = "saudacao"
    """A greeting and nothing else."""
    AGRADECIMENTO = "agradecimento"
    """Thanks, ok, goodbye and nothing else."""
    RECLAMACAO = "reclamacao"
    NOVO_ORCAMENTO = "novo_orcamento"
    """A price for new work, a new symptom."""
    FORA_DE_ESCOPO = "fora_de_escopo"
    TENTATIVA_ABUSO = "tentativa_abuso"
    """Prompt injection, other people's data, cost and margin, fraud, obscenity, threats."""


COURTESY = frozenset({Intent.SAUDACAO, Intent.AGRADECIMENTO})
"""Dropped as soon as the message also holds a request."""

ALERTS = frozenset({Intent.TENTATIVA_ABUSO, Intent.OPT_OUT, Intent.FALAR_HUMANO})
"""Found by explicit patterns too, because missing one costs more than a wrong answer elsewhere."""
