"""Long replies are cut where a reader would pause; nothing is lost and nothing is longer than WhatsApp takes."""

from hypothesis import given
from hypothesis import strategies as st

from integrations.kommo.replies import split_text
from integrations.kommo.replies.split import WHATSAPP_TEXT_LIMIT

REPLY = "João, o seu VW Gol (ABC1D23) está na etapa de Diagnóstico.\nAssim que mudar, eu aviso."


def test_a_reply_within_the_limit_is_one_message() -> None:
    assert split_text(f"  {REPLY}\n") == [REPLY]
    assert split_text("   ") == []


def test_a_long_reply_is_cut_between_paragraphs_then_sentences_then_words() -> None:
    assert split_text("um dois.\n\ntrês. quatro.", 14) == ["um dois.", "três. quatro."]
    assert split_text("Primeira frase. Segunda frase! Terceira?", 16) == [
        "Primeira frase.",
        "Segunda frase!",
        "Terceira?",
    ]
    assert split_text("umas palavras longas aqui", 10) == ["umas", "palavras", "longas", "aqui"]
    assert split_text("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]


@given(st.text(alphabet=st.sampled_from("ab .!?\n…R$1,"), max_size=400), st.integers(5, 60))
def test_nothing_is_lost_and_nothing_too_long(text: str, limit: int) -> None:
    parts = split_text(text, limit)
    assert all(0 < len(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_the_limit_is_whatsapps() -> None:
    assert [len(part) for part in split_text("a" * 5000)] == [WHATSAPP_TEXT_LIMIT, 5000 - WHATSAPP_TEXT_LIMIT]
