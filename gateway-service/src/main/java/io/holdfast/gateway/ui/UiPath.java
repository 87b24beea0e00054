package io.holdfast.gateway.ui;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a path of the Web UI stands for. Everything below {@code /ui/} but the assets and the page of the API is the one page, whose script
 * shows what the rest of the path names: so every address can be kept, sent to somebody, and opened again.
 */
public sealed interface UiPath {

    /** Where the UI begins. */
    String ROOT = "/ui/";

    /** A file of the UI. @param name below the UI's folder. @param mediaType with its charset */
    record Served(String name, String mediaType) implements UiPath {}

    /** The page of the API, of which most is somebody else's: it needs more than the others. */
    Served API = new Served("api.html", "text/html;charset=UTF-8");

    /** The UI's first page is meant: {@link #ROOT} answers. */
    record Elsewhere() implements UiPath {}

    /** Below the assets, but no name that an asset can have. */
    record Missing() implements UiPath {}

    /** @param path normalised, without a query; empty if the path is none of the UI's */
    static Optional<UiPath> of(String path) {
        if (path.equals("/") || path.equals("/ui")) {
            return Optional.of(new Elsewhere());
        }
        if (!path.startsWith(ROOT)) {
            return Optional.empty();
        }
        if (path.equals(ROOT + "api")) {
            return Optional.of(API);
        }
        if (!path.startsWith(Names.ASSETS)) {
            return Optional.of(new Served("index.html", "text/html;charset=UTF-8"));
        }
        Matcher asset = Names.ASSET.matcher(path.substring(Names.ASSETS.length()));
        return Optional.of(
                asset.matches()
                        ? new Served("assets/" + asset.group(), Names.MEDIA_TYPES.get(asset.group(1)))
                        : new Missing());
    }

    /** Names of files. */
    final class Names {
        private static final String ASSETS = ROOT + "assets/";
        private static final Pattern ASSET = Pattern.compile("[a-z0-9-]{1,64}\\.(js|css|svg)");
        private static final Map<String, String> MEDIA_TYPES =
                Map.of("js", "text/javascript;charset=UTF-8", "css", "text/css;charset=UTF-8", "svg", "image/svg+xml");

        private Names() {}
    }
}
