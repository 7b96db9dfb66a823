"""A real mail server that refuses, breaks, is slow or shows a certificate: what each means for a letter."""

import socket
from threading import Thread

import pytest

from jobs.mail.letters import compose
from jobs.mail.post import LineError, RefusedError, TryLaterError
from jobs.mail.smtp import SmtpPost
from matcher.models import Message
from matcher.settings import Settings
from tests.post_office import HANG_UP, HERE, Authority, PostOffice, only_with
from tests.rows import NOW

OPEN = {"smtp_host": HERE, "smtp_security": "none"}


@pytest.fixture
def office_of(request):
    """Open a post office with some settings; it closes by itself."""

    def opened(**settings):
        office = PostOffice(**settings).open()
        request.addfinalizer(office.close)
        return office

    return opened


@pytest.fixture
def office(office_of):
    return office_of()


@pytest.fixture
def post_to(request, settings):
    """A post that leads to an office, with settings of its own."""

    def made(office, timeout_seconds=5.0, **changes):
        changed = settings.model_copy(update=OPEN | {"smtp_port": office.port} | changes)
        post = SmtpPost(Settings(**changed.model_dump()), timeout_seconds)
        request.addfinalizer(post.close)
        return post

    return made


def test_a_letter_reaches_the_one_it_is_for(office, post_to, letter):
    post_to(office).send(letter)
    (mail,) = office.mails
    assert office.readers == [["ada@example.org"]]
    assert mail["Message-ID"] == letter.mail["Message-ID"]
    assert "Thursday 15 January" in mail.get_content()


def test_many_letters_go_through_one_line(office, post_to, letter):
    post = post_to(office)
    for _ in range(3):
        post.send(letter)
    assert len(office.mails) == 3
    assert len(office.conversations) == 1


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_a_4xx_is_for_another_time_and_the_next_letter_goes(office, post_to, letter, step):
    office.at(step, "451 4.7.1 ada@example.org is greylisted")
    post = post_to(office)
    with pytest.raises(TryLaterError, match=rf"^The mail server said 451 4\.7\.1 to {step}\.$"):
        post.send(letter)
    post.send(letter)
    assert len(office.mails) == 1


@pytest.mark.parametrize(
    ("step", "reply", "address_refused"),
    [
        ("RCPT", "550 ada@example.org is unknown", True),
        ("RCPT", "550 5.1.1 ada@example.org is unknown", True),
        ("RCPT", "552 5.2.2 ada@example.org is full", True),
        ("RCPT", "550 5.7.1 we do not like you", False),
        ("RCPT", "554 no relaying", False),
        ("DATA", "550 5.1.1 this looks like an advertisement", False),
        ("DATA", "554 this looks like an advertisement", False),
    ],
)
def test_a_5xx_is_for_good_and_only_a_refused_mailbox_says_something_about_the_reader(
    office, post_to, letter, step, reply, address_refused
):
    office.at(step, reply)
    with pytest.raises(RefusedError) as problem:
        post_to(office).send(letter)
    assert problem.value.address_refused is address_refused
    assert "ada" not in str(problem.value)


def test_a_5xx_to_our_own_address_stops_everything_and_burns_no_letter(office, post_to, letter):
    office.at("MAIL", "550 5.7.60 we do not know you")
    with pytest.raises(LineError, match="ALONGSIDE_MAIL_FROM") as problem:
        post_to(office).send(letter)
    assert not problem.value.was_tried


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_a_421_breaks_the_line(office, post_to, letter, step):
    office.at(step, "421 4.3.2 going down")
    with pytest.raises(LineError, match="421") as problem:
        post_to(office).send(letter)
    assert problem.value.was_tried


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "HALF", "DATA", "TAKEN"])
def test_a_server_that_hangs_up_breaks_the_line_and_the_next_letter_has_a_new_one(office, post_to, letter, step):
    office.at(step, HANG_UP)
    post = post_to(office)
    with pytest.raises(LineError, match="went silent") as problem:
        post.send(letter)
    assert problem.value.was_tried
    post.send(letter)
    assert len(office.mails) == (2 if step == "TAKEN" else 1)


@pytest.mark.parametrize("step", ["MAIL", "DATA"])
def test_a_tarpit_is_left_after_the_time_out(office, post_to, letter, step):
    office.at(step, 2.0)
    with pytest.raises(LineError, match="no answer in time") as problem:
        post_to(office, timeout_seconds=0.3).send(letter)
    assert problem.value.was_tried


def test_a_server_that_never_greets_is_left_after_the_time_out(post_to, letter, office_of):
    with socket.create_server((HERE, 0)) as silent:
        office = PostOffice()
        office.port = silent.getsockname()[1]
        with pytest.raises(LineError, match=r"cannot be used \(no answer in time\)") as problem:
            post_to(office, timeout_seconds=0.3).send(letter)
    assert not problem.value.was_tried


def test_a_greeting_that_says_no_is_a_sentence(post_to, letter):
    def say_no():
        line, _ = door.accept()
        line.sendall(b"554 not today\r\n")
        line.close()

    with socket.create_server((HERE, 0)) as door:
        office, porter = PostOffice(), Thread(target=say_no)
        office.port = door.getsockname()[1]
        porter.start()
        with pytest.raises(LineError, match=r"cannot be used \(code 554\)"):
            post_to(office).send(letter)
        porter.join()


def test_where_nobody_listens_nothing_was_tried(post_to, letter):
    with pytest.raises(LineError, match="Connection refused") as problem:
        post_to(PostOffice()).send(letter)
    assert not problem.value.was_tried


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a" * 70 + ".example.org", "two..dots"])
def test_a_host_that_cannot_be_found_is_a_sentence(post_to, letter, host):
    with pytest.raises(LineError, match="cannot be used") as problem:
        post_to(PostOffice(), smtp_host=host).send(letter)
    assert not problem.value.was_tried


# Encryption


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path)


def test_starttls_with_a_certificate_of_a_known_authority(office_of, post_to, letter, authority):
    office = office_of(tls_context=authority.context, require_starttls=True)
    post_to(office, smtp_security="starttls", smtp_ca_file=authority.ca_file).send(letter)
    assert len(office.mails) == 1


def test_tls_from_the_first_byte(office_of, post_to, letter, authority):
    office = office_of(ssl_context=authority.context)
    post_to(office, smtp_security="tls", smtp_ca_file=authority.ca_file).send(letter)
    assert len(office.mails) == 1


@pytest.mark.parametrize(("security", "setting"), [("starttls", "tls_context"), ("tls", "ssl_context")])
def test_a_certificate_of_an_unknown_authority_is_refused(office_of, post_to, letter, authority, security, setting):
    office = office_of(**{setting: authority.context})
    with pytest.raises(LineError, match="certificate is not trusted") as problem:
        post_to(office, smtp_security=security).send(letter)
    assert not problem.value.was_tried
    assert office.mails == []


@pytest.mark.parametrize(("security", "setting"), [("starttls", "tls_context"), ("tls", "ssl_context")])
def test_a_certificate_for_another_host_is_refused(office_of, post_to, letter, tmp_path, security, setting):
    other = Authority(tmp_path, host="mail.example.org")
    office = office_of(**{setting: other.context})
    with pytest.raises(LineError, match="certificate is not trusted"):
        post_to(office, smtp_security=security, smtp_ca_file=other.ca_file).send(letter)
    assert office.mails == []


def test_a_server_that_takes_starttls_away_gets_no_letter_in_the_open(office, post_to, letter):
    with pytest.raises(LineError, match="STARTTLS"):
        post_to(office, smtp_security="starttls").send(letter)
    assert office.mails == []


def test_a_missing_file_of_authorities_is_a_sentence(office, post_to, letter, tmp_path):
    with pytest.raises(LineError, match="No such file"):
        post_to(office, smtp_security="starttls", smtp_ca_file=tmp_path / "none.pem").send(letter)


def test_without_encryption_it_says_so(office, post_to):
    assert "unencrypted" in post_to(office).remark(1)
    assert post_to(office).remark(0) == ""
    assert post_to(office, smtp_security="starttls").remark(1) == ""


# Who we are


def test_it_signs_in_where_a_name_is_given(office_of, post_to, letter, authority):
    office = office_of(tls_context=authority.context, **only_with("alongside", "a password"))
    signed = {"smtp_security": "starttls", "smtp_ca_file": authority.ca_file, "smtp_username": "alongside"}
    post_to(office, **signed, smtp_password="a password").send(letter)
    assert len(office.mails) == 1
    with pytest.raises(LineError, match="refused the name or the password, code 535") as problem:
        post_to(office, **signed, smtp_password="canary").send(letter)
    assert not problem.value.was_tried
    assert "canary" not in str(problem.value)


def test_a_server_that_wants_a_name_and_gets_none_burns_no_letter(office, post_to, letter):
    office.at("MAIL", "530 5.7.0 sign in first")
    with pytest.raises(LineError, match="530") as problem:
        post_to(office).send(letter)
    assert not problem.value.was_tried


def test_an_address_the_server_cannot_write_to_is_the_readers_trouble(office_of, post_to, settings):
    office = office_of(enable_SMTPUTF8=False)
    message = Message(key="k", kind="started", values={}, made_at=NOW)
    letter = compose(message, "jürgen@example.org", "UTC", settings, NOW)
    with pytest.raises(RefusedError, match="SMTPUTF8") as problem:
        post_to(office).send(letter)
    assert problem.value.address_refused
