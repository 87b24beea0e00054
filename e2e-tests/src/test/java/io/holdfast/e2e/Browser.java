package io.holdfast.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.testsupport.Requirements;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Debian's Chromium without a window, used as a person would: by what can be read and by the keyboard. */
final class Browser implements AutoCloseable {

    /** Generous: a slow, busy machine is no failure. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final List<String> FLAGS = List.of(
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--lang=en-US",
            "--window-size=1280,1000");

    /** It warns that it has no classes for the newest browser's debugging protocol, which is not used here. */
    private static final Logger CHROMIUM_LOG = Logger.getLogger("org.openqa.selenium");

    /** Of the Web Content Accessibility Guidelines 2.1, what an automatic check can tell. */
    private static final List<String> GUIDELINES = List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa");

    private static final String AXE = axe();

    private final MachineNetwork network;
    private final ChromeDriver driver;
    private final String baseUrl;
    private final Path downloads;

    private Browser(MachineNetwork network, ChromeDriver driver, String baseUrl, Path downloads) {
        this.network = network;
        this.driver = driver;
        this.baseUrl = baseUrl;
        this.downloads = downloads;
    }

    /** Skips the test where there is no browser. */
    static void require() {
        Requirements.program("chromium");
        Requirements.program("chromedriver");
    }

    /** @param profile an empty directory of its own */
    static Browser start(String baseUrl, Path profile) {
        CHROMIUM_LOG.setLevel(Level.SEVERE);
        ChromeOptions options = new ChromeOptions();
        options.setBinary("/usr/bin/chromium");
        options.addArguments(FLAGS);
        options.addArguments("--user-data-dir=" + profile);
        Path downloads = profile.resolve("downloads");
        options.setExperimentalOption(
                "prefs",
                Map.of("download.default_directory", downloads.toString(), "download.prompt_for_download", false));
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(new File("/usr/bin/chromedriver"))
                .usingAnyFreePort()
                .build();
        MachineNetwork network = MachineNetwork.unchanged();
        try {
            ChromeDriver driver = new ChromeDriver(service, options);
            driver.manage().timeouts().scriptTimeout(PATIENCE);
            return new Browser(network, driver, baseUrl, downloads);
        } catch (RuntimeException e) {
            network.close();
            throw e;
        }
    }

    void open(String path) {
        driver.get(baseUrl + path);
    }

    void back() {
        driver.navigate().back();
    }

    /** From now on, a screen of this width in CSS pixels; windows themselves cannot be as narrow as phones. */
    void setWidth(int pixels) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", pixels, "height", 1000, "deviceScaleFactor", 1, "mobile", false));
    }

    /** The window's own width again. */
    void resetWidth() {
        driver.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
    }

    /** By how many CSS pixels something sticks out of the page or of a box that scrolls in it, to the right. */
    long hiddenToTheRight() {
        return (Long) Objects.requireNonNull(driver.executeScript("""
                return Math.max(...[document.documentElement, ...document.querySelectorAll('.scroll, dialog')]
                    .map((box) => box.scrollWidth - box.clientWidth))"""));
    }

    /** Path and query of what is shown. */
    String address() {
        return driver.getCurrentUrl().substring(baseUrl.length());
    }

    String title() {
        return driver.getTitle();
    }

    /** What can be read on the page. */
    String text() {
        return driver.findElement(By.tagName("body")).getText();
    }

    void awaitText(String... parts) {
        Awaitility.await("the page says " + List.of(parts))
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptionsInstanceOf(WebDriverException.class)
                .untilAsserted(() -> assertThat(text()).contains(parts));
    }

    /** The first element for an XPath, once it is there. */
    WebElement find(String xpath) {
        return Awaitility.await(xpath)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptionsInstanceOf(WebDriverException.class)
                .until(() -> driver.findElement(By.xpath(xpath)), WebElement::isDisplayed);
    }

    boolean shows(String xpath) {
        return !driver.findElements(By.xpath(xpath)).isEmpty();
    }

    /** Until nothing is there for an XPath any more: what was done is said before the page is drawn again. */
    void awaitNone(String xpath) {
        Awaitility.await("nothing for " + xpath)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> !shows(xpath));
    }

    /** Pages are drawn again while they are used: an element that went away under the click is looked for again. */
    void click(String xpath) {
        Awaitility.await("click on " + xpath)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    try {
                        driver.findElement(By.xpath(xpath)).click();
                        return true;
                    } catch (WebDriverException e) {
                        return false;
                    }
                });
    }

    void clickButton(String words) {
        click("//button[normalize-space()='" + words + "']");
    }

    void clickLink(String words) {
        click("//a[normalize-space()='" + words + "']");
    }

    void type(String fieldName, String text) {
        WebElement field = find("//*[@name='" + fieldName + "']");
        field.clear();
        field.sendKeys(text);
    }

    /** Gives a file to the field that asks for one. */
    void choose(String fieldName, Path file) {
        find("//input[@name='" + fieldName + "']").sendKeys(file.toString());
    }

    /** A file that the page gave the browser, once it is whole. */
    Path awaitDownload(String name) {
        return Awaitility.await("download of " + name)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> downloads.resolve(name), Files::isRegularFile);
    }

    void press(CharSequence keys) {
        driver.switchTo().activeElement().sendKeys(keys);
    }

    /** Whether Tab alone leads to an element with these words. */
    boolean tabReaches(String words) {
        driver.executeScript("document.activeElement.blur()");
        return IntStream.range(0, 60).anyMatch(step -> {
            press(Keys.TAB);
            return driver.switchTo().activeElement().getText().strip().equals(words);
        });
    }

    void logIn(String username, String password) {
        type("username", username);
        type("password", password);
        clickButton("Log in");
    }

    /** What keeps people out who cannot see well, or do not use a mouse: each rule that the page breaks, and where. */
    List<String> barriers() {
        driver.executeScript(AXE);
        List<?> found = (List<?>) driver.executeAsyncScript("""
                const [guidelines, done] = arguments;
                const words = ({ id, help, nodes }) => nodes.map((node) => `${id}, ${help}: ${node.html} ${node.failureSummary}`);
                axe.run(document, { runOnly: guidelines }).then((result) => done(result.violations.flatMap(words)), (error) => done([`${error}`]));
                """, GUIDELINES);
        return Objects.requireNonNull(found, "axe-core said nothing").stream()
                .map(String::valueOf)
                .toList();
    }

    private static String axe() {
        try (InputStream script = Browser.class.getResourceAsStream("/axe.min.js")) {
            return new String(
                    Objects.requireNonNull(script, "axe-core is not on the class path")
                            .readAllBytes(),
                    UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What the browser complained of since it was last asked, without answers that were refusals: violations of the content security
     * policy, errors of scripts, files that are missing.
     */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogEntry::getMessage)
                .filter(message -> !(message.contains("/api/") && message.contains("Failed to load resource")))
                .toList();
    }

    @Override
    public void close() {
        try {
            driver.quit();
        } finally {
            network.close();
        }
    }
}
