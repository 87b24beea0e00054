package io.holdfast.gateway.ui;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UiPathTest {

    @ParameterizedTest
    @ValueSource(strings = {"/ui/", "/ui/schedules", "/ui/schedules/shop/nightly", "/ui/executions/a.js", "/ui/assets"})
    void everyPathButAssetsIsThePage(String path) {
        assertThat(UiPath.of(path)).contains(new UiPath.Served("index.html", "text/html;charset=UTF-8"));
    }

    @Test
    void assetsHaveTheTypeThatBrowsersInsistOn() {
        assertThat(UiPath.of("/ui/assets/app.js"))
                .contains(new UiPath.Served("assets/app.js", "text/javascript;charset=UTF-8"));
        assertThat(UiPath.of("/ui/assets/app.css"))
                .contains(new UiPath.Served("assets/app.css", "text/css;charset=UTF-8"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ui/assets/",
                "/ui/assets/LICENSE",
                "/ui/assets/../index.html",
                "/ui/assets/a/b.js",
                "/ui/assets/a%2fb.js",
                "/ui/assets/.js"
            })
    void whatCannotBeAnAssetIsMissing(String path) {
        assertThat(UiPath.of(path)).contains(new UiPath.Missing());
    }

    @Test
    void thePageOfTheApiIsOneOfItsOwn() {
        assertThat(UiPath.of("/ui/api")).contains(UiPath.API);
        assertThat(UiPath.of("/ui/assets/swagger-ui-bundle.js"))
                .contains(new UiPath.Served("assets/swagger-ui-bundle.js", "text/javascript;charset=UTF-8"));
    }

    @Test
    void theRootLeadsToTheUi() {
        assertThat(UiPath.of("/")).contains(new UiPath.Elsewhere());
        assertThat(UiPath.of("/ui")).contains(new UiPath.Elsewhere());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v3.1/status", "/q/health", "/uis", "/other"})
    void otherPathsAreNotTheUis(String path) {
        assertThat(UiPath.of(path)).isEmpty();
    }
}
