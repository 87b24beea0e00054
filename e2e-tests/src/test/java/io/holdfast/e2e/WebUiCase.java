package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The Web UI in a real browser, against a whole manager with the state of the example: admin is logged in, vera may only look. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class WebUiCase {

    static final String VIEWER_PASSWORD = "viewer-Password-1";

    @TempDir
    static Path folder;

    Stack stack;
    Browser browser;

    @BeforeAll
    void start() throws IOException {
        Browser.require();
        stack = Stack.start(folder.resolve("manager"));
        SmallManager.into(stack, folder);
        Api api = stack.api();
        prepare(api);
        done(api.put(
                "/api/v3.1/users",
                "{\"username\": \"vera\", \"password\": \"" + VIEWER_PASSWORD + "\", \"role\": \"default\"}"));
        done(api.put(
                "/api/v3.1/tenants/users",
                "{\"username\": \"vera\", \"tenant_name\": \"default_tenant\", \"role\": \"viewer\"}"));
        browser = Browser.start("http://127.0.0.1:" + stack.port(), Files.createDirectory(folder.resolve("profile")));
        browser.open(page());
        browser.logIn("admin", stack.password());
        browser.awaitText(wordOnPage());
    }

    /** Before anybody logs in. */
    void prepare(Api api) {}

    /** Where the browser begins, and a word that is there once it is logged in. */
    abstract String page();

    abstract String wordOnPage();

    static void done(Api.Answer answer) {
        assertThat(answer.status()).as(answer.body()).isIn(200, 201);
    }

    @AfterAll
    void stop() {
        if (browser != null) {
            browser.close();
        }
        if (stack != null) {
            stack.close();
        }
    }

    @AfterEach
    void theBrowserDidNotComplain() {
        assertThat(browser.complaints()).isEmpty();
    }
}
