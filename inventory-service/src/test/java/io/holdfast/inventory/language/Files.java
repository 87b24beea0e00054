package io.holdfast.inventory.language;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** An archive in memory. */
final class Files implements BlueprintFiles {

    private final Map<String, byte[]> files = new LinkedHashMap<>();

    static Files of(String blueprint) {
        return new Files().with("blueprint.yaml", blueprint);
    }

    Files with(String path, String text) {
        files.put(path, text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    Files with(String path, byte[] bytes) {
        files.put(path, bytes);
        return this;
    }

    @Override
    public Optional<byte[]> read(String path) {
        return Optional.ofNullable(files.get(path));
    }

    @Override
    public boolean contains(String path) {
        return files.containsKey(path);
    }
}
