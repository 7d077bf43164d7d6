"""The watch the other browser tests rely on."""


def test_a_page_of_the_site_opens(page):
    assert page.goto("/healthz").ok


def test_a_script_error_is_noticed(page, problems):
    page.goto("/healthz")
    with page.context.expect_event("weberror"):
        page.evaluate("setTimeout(() => { throw new Error('broken') }, 0)")
    assert "broken" in problems[0]
    problems.clear()


def test_asking_another_machine_is_refused_and_noticed(page, problems):
    page.goto("about:blank")
    with page.expect_event("requestfailed"):
        page.set_content('<img src="https://example.org/pixel.png">')
    assert problems[0] == "asked for https://example.org/pixel.png"
    problems.clear()
