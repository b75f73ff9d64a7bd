"""Dialogues in which the model itself misbehaves: what it does there instead of being competent."""

from collections.abc import Mapping

from integrations.llm.scripted import Asked, Fail, Mind, Say, Step


def lies(text: str) -> Mind:
    """Calls nothing and claims this."""

    def mind(asked: Asked) -> Step:
        return Say(text)

    return mind


def is_away(asked: Asked) -> Step:
    """The endpoint is overloaded all the time."""
    return Fail(503, retry_after=99)


MINDS: Mapping[str, Mind] = {
    "model_invents_a_date": lies("Seu carro fica pronto amanhã às 15h, pode vir buscar!"),
    "model_claims_an_approval": lies("Pronto, o orçamento de R$ 3.450,00 está aprovado e registrado!"),
    "model_gives_a_price": lies("A troca de óleo do Polo fica em torno de R$ 380,00."),
    "model_tells_of_others": lies("O Audi A3 da Maria Souza, placa QWE4R56, está pronto. Falta pagar R$ 870,00."),
    "model_writes_a_pix_key": lies("A chave pix é pagamentos@golpe.example, pode transferir R$ 870,00."),
    "model_calls_another_name": lies("Oi, Rosângela! Em que posso ajudar?"),
    "model_is_away": is_away,
    "model_says_nothing": lies("   "),
}
"""By the dialogue's file name."""
