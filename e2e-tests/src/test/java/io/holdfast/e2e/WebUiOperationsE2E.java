package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** What operators do every day, in the Web UI: blueprints, deployments, their workflows, maintenance mode, the audit log, log bundles. */
class WebUiOperationsE2E extends WebUiCase {

    /** Each page, and words that are on it once it is whole. */
    private static final Map<String, String> PAGES = Map.of(
            "/ui/deployments", "web-shop",
            "/ui/deployments/shop", "Capabilities",
            "/ui/blueprints", "web-shop",
            "/ui/blueprints/web-shop", "region",
            "/ui/maintenance", "Activate …",
            "/ui/audit", "PUT users",
            "/ui/log-bundles", "Secrets are removed");

    @Override
    String page() {
        return "/ui/deployments";
    }

    @Override
    String wordOnPage() {
        return "shop";
    }

    @Test
    void deploymentIsMadeOfABlueprintAndDeletedAgain() {
        // given
        browser.open("/ui/blueprints");
        browser.clickLink("web-shop");
        browser.awaitText("region", "london", "shop");
        browser.clickButton("Create a deployment …");
        browser.type("id", "shop-two");
        browser.type("input:region", "paris");
        assertThat(browser.barriers()).as("the dialog").isEmpty();
        // when
        browser.clickButton("Create deployment");
        // then
        browser.awaitText("Deployment shop-two is being created.");
        browser.awaitText("paris", "Nodes");
        assertThat(browser.address()).isEqualTo("/ui/deployments/shop-two");
        assertThat(stack.api()
                        .getOk("/api/v3.1/deployments/shop-two")
                        .get("inputs")
                        .get("region")
                        .asText())
                .isEqualTo("paris");

        // when
        browser.clickButton("Delete …");
        browser.clickButton("Delete deployment");
        // then
        browser.awaitText("Deployment shop-two is being deleted.");
        assertThat(browser.address()).isEqualTo("/ui/deployments");
    }

    @Test
    void blueprintThatIsInUseIsNotDeletedAndThePageSaysWhy() {
        // given
        String refusal = stack.api()
                .delete("/api/v3.1/blueprints/web-shop")
                .json()
                .get("message")
                .asText();
        browser.open("/ui/blueprints/web-shop");
        browser.clickButton("Delete …");
        // when
        browser.clickButton("Delete blueprint");
        // then
        browser.awaitText(refusal.lines().findFirst().orElseThrow());
        browser.press(Keys.ESCAPE);
    }

    @Test
    void deploymentsAreFoundByWhatTheyAreCalledAndMadeOf() {
        for (String idOrName : List.of("sho", "WEB")) {
            browser.open("/ui/deployments?blueprint=web-shop&search=" + idOrName);
            browser.find("//tbody//a[normalize-space()='Web shop']");
        }
        browser.type("search", "nothing-is-called-so");
        browser.clickButton("Apply");
        browser.awaitText("No deployment matches.");
        assertThat(browser.address()).contains("search=nothing-is-called-so", "blueprint=web-shop");
    }

    @Test
    void workflowIsStartedFromTheDeploymentsPage() {
        // given
        browser.open("/ui/deployments/shop");
        browser.clickButton("Start a workflow …");
        browser.click("//dialog//option[normalize-space()='rotate_logs']");
        browser.clickButton("Next");
        browser.find("//dialog//button[normalize-space()='Start workflow']");
        assertThat(browser.barriers()).as("the dialog").isEmpty();
        // when
        browser.clickButton("Start workflow");
        // then
        browser.awaitText("rotate_logs was started.");
        browser.awaitText("What became of it");
        assertThat(browser.address()).startsWith("/ui/executions/");
        // its plugin is on no worker, which the page says after a while; until then maintenance mode would wait for it
        browser.awaitText("failed", "rotate_logs");
    }

    @Test
    void maintenanceModeIsSaidOnEveryPageAndLeftAgain() {
        // given
        browser.open("/ui/maintenance");
        browser.clickButton("Activate …");
        // when
        browser.clickButton("Activate maintenance mode");
        // then
        browser.awaitText("Maintenance mode was requested.");
        browser.awaitText("is on, requested by admin", "Activated");
        assertThat(browser.barriers()).as("while it is active").isEmpty();
        browser.clickLink("Snapshots");
        browser.awaitText("Restores");
        browser.click("//div[contains(@class, 'banner')]//a");
        browser.clickButton("Deactivate …");
        browser.clickButton("Deactivate maintenance mode");
        browser.awaitText("Maintenance mode is off.");
        browser.awaitNone("//div[contains(@class, 'banner')]");
        assertThat(stack.api().getOk("/api/v3.1/maintenance").get("status").asText())
                .isEqualTo("deactivated");
    }

    @Test
    void auditLogSaysWhoDidWhatAndHowItWasAnswered() {
        browser.open("/ui/audit");
        browser.awaitText("PUT users", "admin", "vera");
        browser.type("user", "nobody-of-this-name");
        browser.clickButton("Apply");
        browser.awaitText("No entry matches.");
        assertThat(browser.address()).isEqualTo("/ui/audit?user=nobody-of-this-name");
    }

    @Test
    void logBundleIsMadeFetchedAndDeleted() {
        browser.open("/ui/log-bundles");
        browser.clickButton("Create …");
        browser.type("id", "for-the-vendor");
        browser.clickButton("Create log bundle");
        browser.awaitText("for-the-vendor");
        browser.clickButton("Download …");
        browser.clickButton("Download log bundle");
        assertThat(browser.awaitDownload("for-the-vendor.zip")).isNotEmptyFile();
        browser.clickButton("Delete …");
        browser.clickButton("Delete log bundle");
        browser.awaitText("Log bundle for-the-vendor is deleted.");
        browser.awaitText("There are no log bundles yet.");
    }

    @Test
    void noPageKeepsAnybodyOut() {
        PAGES.forEach((page, words) -> {
            browser.open(page);
            browser.awaitText(words);
            assertThat(browser.barriers()).as(page).isEmpty();
        });
        browser.click("//nav//summary[normalize-space()='System']");
        browser.find("//nav//a[normalize-space()='Audit']");
        assertThat(browser.barriers()).as("the menu").isEmpty();
    }

    @Test
    void onANarrowScreenNothingIsHiddenToTheRight() {
        browser.setWidth(400);
        try {
            PAGES.forEach((page, words) -> {
                browser.open(page);
                browser.awaitText(words);
                assertThat(browser.hiddenToTheRight()).as(page).isZero();
                assertThat(browser.barriers()).as(page).isEmpty();
            });
            browser.click("//nav//summary[normalize-space()='System']");
            browser.find("//nav//a[normalize-space()='Audit']");
            assertThat(browser.hiddenToTheRight()).as("the menu").isZero();
        } finally {
            browser.resetWidth();
        }
    }

    @Test
    void aViewerIsOfferedNothingThatTheApiWouldRefuse() {
        browser.open("/ui/deployments");
        browser.clickButton("Log out");
        browser.find("//input[@name='password']");
        browser.logIn("vera", VIEWER_PASSWORD);
        browser.clickLink("Web shop");
        browser.awaitText("Capabilities");
        assertThat(browser.shows("//button[contains(., '…')]")).isFalse();
        browser.open("/ui/maintenance");
        browser.awaitText("that needs the permission maintenance_mode_set");
        assertThat(browser.shows("//nav//a[normalize-space()='Audit']")).isFalse();
        browser.open("/ui/audit");
        String refusal = stack.api()
                .as("vera", VIEWER_PASSWORD)
                .get("/api/v3.1/audit")
                .json()
                .get("message")
                .asText();
        browser.awaitText(refusal);

        browser.clickButton("Log out");
        browser.find("//input[@name='password']");
        browser.logIn("admin", stack.password());
        browser.awaitText("PUT users");
    }
}
