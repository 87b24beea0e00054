package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.openqa.selenium.Rectangle;

/** The Web UI in a real browser, against a whole manager: one person works with it, another may only look. */
class WebUiE2E extends WebUiCase {

    /** 02:30 in Berlin on the days when the clock is put forward: each year's occurrence is a clock change. */
    private static final String ON_CLOCK_CHANGES =
            "{\"workflow_id\": \"rotate_logs\", \"since\": \"2026-01-01T00:00:00Z\", \"time_zone\": \"Europe/Berlin\","
                    + " \"rrule\": \"FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;BYHOUR=2;BYMINUTE=30;BYSECOND=0\"}";

    @Override
    void prepare(Api api) {
        done(api.put("/api/v3.1/execution-schedules/spring?deployment_id=shop", ON_CLOCK_CHANGES));
        done(api.post("/api/holdfast/v1/schedules/spring/trigger?deployment_id=shop", "{}"));
    }

    @Override
    String page() {
        return "/ui/schedules";
    }

    @Override
    String wordOnPage() {
        return "spring";
    }

    @Test
    void scheduleShowsDecisionsAndPreviewWithClockChanges() {
        browser.open("/ui/schedules");
        browser.clickLink("spring");
        browser.awaitText("Next occurrences", "Decisions");
        assertThat(browser.address()).isEqualTo("/ui/schedules/shop/spring");
        assertThat(browser.title()).contains("spring");
        browser.awaitText("Clock change", "Europe/Berlin", "started", "on time");
        // 02:30 does not exist on that day
        assertThat(browser.text()).containsPattern("\\d{4}-03-\\d\\d 03:30\\s+\\+02:00");

        // the decision's execution, and back
        JsonNode run = stack.api()
                .items("/api/holdfast/v1/schedules/spring/runs?deployment_id=shop")
                .get(0);
        String execution = run.get("execution_id").asText();
        browser.clickLink(execution.substring(0, 8));
        browser.awaitText("What became of it", execution);
        assertThat(browser.address()).isEqualTo("/ui/executions/" + execution);
        browser.back();
        browser.awaitText("Next occurrences");
        assertThat(browser.address()).isEqualTo("/ui/schedules/shop/spring");
    }

    @Test
    void scheduleIsPausedWithANoteByKeyboardAndResumed() {
        browser.open("/ui/schedules/shop/spring");
        browser.find("//button[normalize-space()='Pause …']");
        assertThat(browser.tabReaches("Pause …")).isTrue();
        browser.press(Keys.ENTER);
        browser.type("note", "catalogue is being moved");
        browser.press(Keys.ENTER);
        browser.awaitText("Paused.");
        browser.awaitText("catalogue is being moved", "Resume");
        JsonNode paused = stack.api().getOk("/api/v3.1/execution-schedules/spring?deployment_id=shop");
        assertThat(paused.get("enabled").asBoolean()).isFalse();
        assertThat(paused.get("pause_note").asText()).isEqualTo("catalogue is being moved");

        browser.clickButton("Resume");
        browser.clickButton("Resume schedule");
        browser.awaitText("Resumed.");
        assertThat(stack.api()
                        .getOk("/api/v3.1/execution-schedules/spring?deployment_id=shop")
                        .get("enabled")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void executionIsCancelled() {
        String nextYear = Instant.now()
                .plus(Duration.ofDays(365))
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
        String id = SmallManager.schedule(stack.api(), "backup", nextYear);
        browser.open("/ui/executions?status=scheduled");
        browser.click("//tr[contains(., '" + id.substring(0, 8) + "')]//a");
        browser.awaitText(id, "scheduled");
        browser.clickButton("Cancel …");
        browser.clickButton("Cancel execution");
        browser.awaitText("The execution is cancelled.");
        assertThat(stack.api().getOk("/api/v3.1/executions/" + id).get("status").asText())
                .isEqualTo("cancelled");
    }

    @Test
    void deadLetterIsReplayed() throws IOException, SQLException {
        stack.parkADeadLetter();
        browser.open("/ui/dead-letters");
        browser.clickLink("scheduler.execution.outcome.v1");
        browser.awaitText("UNREADABLE", "{\"executionId\":");
        browser.clickButton("Replay …");
        browser.clickButton("Replay message");
        browser.awaitText("The message is tried again.");
        // it is as unreadable as before, and dead again after its try
        Awaitility.await("the service has tried it")
                .atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(stack.api()
                                .items("/api/holdfast/v1/dead-letters?service=scheduler")
                                .get(0)
                                .get("error")
                                .asText())
                        .isNotEqualTo("put here by the test"));
    }

    @Test
    void snapshotIsCreatedAndItsRestorePlannedBeforeAnythingIsReplaced() {
        browser.open("/ui/snapshots");
        browser.clickButton("Create …");
        browser.type("id", "from-the-page");
        browser.clickButton("Create snapshot");
        browser.clickLink("Restore …");
        stack.api().awaitSnapshot("from-the-page", "created");
        stack.api().awaitNoSnapshotRuns();
        browser.clickButton("Show what would happen");
        browser.awaitText("cannot be restored like this", "manager_not_clean_error", "What it replaces");
        assertThat(browser.shows("//button[normalize-space()='Restore …']")).isFalse();
        browser.click("//label[contains(., 'Replace what this manager holds')]/input");
        browser.clickButton("Show what would happen");
        browser.clickButton("Restore …");
        // not before its name is typed
        assertThat(browser.find("//dialog//button[normalize-space()='Restore']").isEnabled())
                .isFalse();
        browser.press(Keys.ESCAPE);

        browser.open("/ui/");
        browser.awaitText("Needs you", "Last snapshot", "from-the-page");
    }

    @Test
    void aPageBeyondTheLastLeadsToTheLast() {
        for (String list : List.of("/ui/schedules", "/ui/executions", "/ui/snapshots")) {
            browser.open(list + "?offset=5000");
            browser.awaitText("and none on this page.");
            assertThat(browser.text())
                    .doesNotContain("This tenant has no", "Nothing was executed", "No snapshot was made");
            browser.clickLink("Last page");
            browser.find("//tbody//tr");
            assertThat(browser.address()).doesNotContain("5000");
        }
    }

    @Test
    void whatIsShownStaysWhileTheManagerIsAwayAndIsShownAgainByItself() {
        // given
        browser.open("/ui/schedules/shop/spring");
        browser.clickButton("Pause …");
        stack.down();
        // when
        browser.clickButton("Pause schedule");
        // then: a dialog is not done again by itself
        browser.awaitText("The manager does not answer.", "Try again when it does; look first whether it was done.");
        browser.press(Keys.ESCAPE);
        browser.awaitText(
                "not current: last updated", "Shown again as soon as it does.", "Next occurrences", "Decisions");
        browser.clickLink("Snapshots");
        browser.awaitText("The manager does not answer.");
        // when
        stack.up();
        // then
        browser.awaitText("small", "updated");
        assertThat(browser.text()).doesNotContain("does not answer");
        assertThat(stack.api()
                        .getOk("/api/v3.1/execution-schedules/spring?deployment_id=shop")
                        .get("enabled")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void aLongNameLeavesInSightWhatATableSaysOfIt() {
        // given: as long as one may be
        String id = "a".repeat(256);
        stack.api().createSnapshot(id);
        stack.api().awaitNoSnapshotRuns();
        // when
        browser.open("/ui/snapshots");
        browser.awaitText(id);
        // then
        Rectangle last = browser.find("//thead//th[normalize-space()='By']").getRect();
        assertThat(last.getX() + last.getWidth())
                .isLessThanOrEqualTo(browser.find("//body").getRect().getWidth());
        done(stack.api().delete("/api/v3.1/snapshots/" + id));
    }

    @Test
    void snapshotIsDownloadedUploadedRestoredUndoneAndItsFormerStateDropped() throws IOException {
        // there and back
        stack.api().createSnapshot("travels");
        browser.open("/ui/snapshots/travels");
        browser.clickButton("Download …");
        browser.clickButton("Download archive");
        Path archive = browser.awaitDownload("travels.zip");
        assertThat(archive)
                .hasSameBinaryContentAs(
                        stack.api().download("/api/v3.1/snapshots/travels/archive", folder.resolve("travels.zip")));
        browser.open("/ui/snapshots");
        browser.clickButton("Upload …");
        browser.choose("file", archive);
        browser.type("id", "came-back");
        browser.clickButton("Upload snapshot");
        browser.awaitText("Snapshot came-back is uploaded.");
        assertThat(browser.address()).isEqualTo("/ui/snapshots/came-back");
        stack.api().awaitSnapshot("came-back", "uploaded");

        // restored, and undone
        String id = SmallManager.schedule(
                stack.api(), "backup", Instant.now().plus(Duration.ofDays(365)).toString());
        restoreByThePage("came-back");
        assertThat(stack.api().get("/api/v3.1/executions/" + id).status()).isEqualTo(404);
        browser.clickButton("Undo …");
        browser.type("word", "came-back");
        browser.click("//dialog//button[normalize-space()='Undo restore']");
        browser.awaitText("The state from before is live again.");
        browser.find("//dd[normalize-space()='live again']");
        assertThat(stack.api().getOk("/api/v3.1/executions/" + id).get("status").asText())
                .isEqualTo("scheduled");

        // restored once more, for good
        restoreByThePage("came-back");
        browser.clickButton("Drop the state from before …");
        browser.clickButton("Drop it");
        browser.awaitText("The state from before is dropped.");
        browser.find("//dd[normalize-space()='dropped']");
        browser.awaitNone("//button[normalize-space()='Undo …']");
    }

    /** Plans, confirms and follows it to its end; the login of the page is the snapshot's own, so that it goes on. */
    private void restoreByThePage(String snapshot) {
        stack.api().awaitNoSnapshotRuns();
        browser.open("/ui/snapshots/" + snapshot + "/restore");
        browser.click("//label[contains(., 'Replace what this manager holds')]/input");
        browser.clickButton("Show what would happen");
        browser.clickButton("Restore …");
        browser.type("word", snapshot);
        browser.click("//dialog//button[normalize-space()='Restore']");
        browser.awaitText("completed", "kept for undo");
        assertThat(browser.address()).startsWith("/ui/restores/");
    }

    @Test
    void noPageKeepsAnybodyOut() {
        String schedule = "/ui/schedules/shop/spring";
        String execution = stack.api()
                .items("/api/holdfast/v1/schedules/spring/runs?deployment_id=shop")
                .get(0)
                .get("execution_id")
                .asText();
        assertOpenToAll("/ui/", "Last snapshot");
        assertOpenToAll("/ui/schedules", "spring");
        assertOpenToAll(schedule, "Next occurrences");
        assertOpenToAll("/ui/executions", "rotate_logs");
        assertOpenToAll("/ui/executions/" + execution, "What became of it");
        assertOpenToAll("/ui/dead-letters", "Dead letters");
        assertOpenToAll("/ui/snapshots", "Restores");
        assertOpenToAll("/ui/snapshots/small", "SHA-256");
        assertOpenToAll("/ui/snapshots/small/restore", "Show what would happen");
        assertOpenToAll("/ui/cluster", "This manager is on its own");
        browser.open(schedule);
        browser.clickButton("Pause …");
        browser.find("//dialog//button[normalize-space()='Pause schedule']");
        assertThat(browser.barriers()).as("a dialog").isEmpty();
        browser.press(Keys.ESCAPE);
    }

    private void assertOpenToAll(String page, String words) {
        browser.open(page);
        browser.awaitText(words);
        assertThat(browser.barriers()).as(page).isEmpty();
    }

    @Test
    void aManagerOnItsOwnSaysThatItIsNoCluster() {
        browser.open("/ui/cluster");
        browser.awaitText("This manager is on its own");
    }

    @Test
    void aViewerSeesWhatTheApiSaysAndNoButtonsThatItWouldRefuse() {
        browser.open("/ui/schedules/shop/spring");
        browser.find("//button[normalize-space()='Pause …']");
        browser.clickButton("Log out");
        browser.find("//input[@name='password']");
        browser.logIn("vera", "not-her-password");
        browser.awaitText("User unauthorized: Authentication failed");
        browser.logIn("vera", VIEWER_PASSWORD);
        browser.awaitText("You may look at this but not change it", "Decisions");
        assertThat(browser.shows("//button[normalize-space()='Pause …']")).isFalse();
        assertThat(browser.shows("//nav//a[normalize-space()='Dead letters']")).isFalse();

        browser.open("/ui/dead-letters");
        String refusal = stack.api()
                .as("vera", VIEWER_PASSWORD)
                .get("/api/holdfast/v1/dead-letters")
                .json()
                .get("detail")
                .asText();
        browser.awaitText(refusal);

        browser.clickButton("Log out");
        browser.find("//input[@name='password']");
        browser.logIn("admin", stack.password());
        browser.click("//nav//summary[normalize-space()='System']");
        browser.find("//nav//a[normalize-space()='Dead letters']");
    }

    @Test
    void theApiIsShownAndTriedOutWithTheLoginOfTheTab() throws IOException, InterruptedException {
        browser.open("/ui/");
        browser.clickLink("API");
        browser.awaitText("Requests go as admin", "Holdfast API", "Say what a restore would do, and do nothing");
        // without credentials it would be refused
        String restores = "//*[@id='operations-restores-get_restores']";
        browser.click(restores + "//button[contains(@class, 'opblock-summary-control')]");
        browser.click(restores + "//button[normalize-space()='Try it out']");
        browser.click(restores + "//button[normalize-space()='Execute']");
        browser.awaitText("Server response", "\"snapshot_id\": \"small\"");

        browser.clickLink("Manager API");
        browser.find("//*[@id='operations-agents-get_agents_name']");
        assertThat(browser.address()).isEqualTo("/ui/api?of=manager");

        HttpResponse<String> page = file("/ui/api", "");
        assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
                .startsWith("default-src 'self';")
                .doesNotContain("unsafe");
    }

    @Test
    void filesComeWithThePolicyAndAreAskedForAgain() throws IOException, InterruptedException {
        HttpResponse<String> page = file("/ui/executions/any.thing", "");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-type")).hasValue("text/html;charset=UTF-8");
        assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
                .startsWith("default-src 'self';")
                .doesNotContain("unsafe");
        assertThat(page.headers().firstValue("cache-control")).hasValue("no-cache");
        String etag = page.headers().firstValue("etag").orElseThrow();
        assertThat(file("/ui/", etag).statusCode()).isEqualTo(304);
        assertThat(file("/ui/assets/lit-html.js", "").headers().firstValue("content-type"))
                .hasValue("text/javascript;charset=UTF-8");
        assertThat(file("/ui/assets/none.js", "").statusCode()).isEqualTo(404);
        assertThat(file("/", "").headers().firstValue("location")).hasValue("/ui/");
    }

    private HttpResponse<String> file(String path, String etag) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + stack.port() + path))
                                .header("If-None-Match", etag)
                                .build(),
                        BodyHandlers.ofString());
    }
}
