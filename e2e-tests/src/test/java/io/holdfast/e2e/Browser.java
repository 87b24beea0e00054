package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.testsupport.Requirements;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

    private final ChromeDriver driver;
    private final String baseUrl;

    private Browser(ChromeDriver driver, String baseUrl) {
        this.driver = driver;
        this.baseUrl = baseUrl;
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
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(new File("/usr/bin/chromedriver"))
                .usingAnyFreePort()
                .build();
        return new Browser(new ChromeDriver(service, options), baseUrl);
    }

    void open(String path) {
        driver.get(baseUrl + path);
    }

    void back() {
        driver.navigate().back();
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
        driver.quit();
    }
}
