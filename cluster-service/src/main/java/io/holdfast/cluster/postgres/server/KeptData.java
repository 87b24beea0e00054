package io.holdfast.cluster.postgres.server;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A former data directory beside the present one, kept because a copy replaced it.
 *
 * @param directory named {@code pgdata.kept-NUMBER}, with {@code -salvaged} behind it
 * @param number counts up from 1
 * @param salvaged whether all changes that only it had are parked on an active: then it is needed for nothing
 */
public record KeptData(Path directory, int number, boolean salvaged) {
    private static final Pattern NAME = Pattern.compile(".*\\.kept-(\\d+)(-salvaged)?");

    static List<KeptData> list(NodeFiles files) {
        Path parent = files.data().resolveSibling("x").getParent();
        List<KeptData> found = new ArrayList<>();
        try (DirectoryStream<Path> all =
                Files.newDirectoryStream(parent, files.data().getFileName() + ".kept-*")) {
            for (Path directory : all) {
                Matcher name = NAME.matcher(directory.getFileName().toString());
                if (name.matches()) {
                    found.add(new KeptData(directory, Integer.parseInt(name.group(1)), name.group(2) != null));
                }
            }
        } catch (IOException e) {
            throw new ManagerException(ErrorCode.INTERNAL_SERVER, "cannot list " + parent + ": " + e, null, e);
        }
        found.sort(Comparator.comparingInt(KeptData::number));
        return List.copyOf(found);
    }

    static Path next(NodeFiles files, boolean salvaged) {
        List<KeptData> all = list(files);
        int number = all.isEmpty() ? 1 : all.get(all.size() - 1).number() + 1;
        return files.data()
                .resolveSibling(files.data().getFileName() + ".kept-" + number + (salvaged ? "-salvaged" : ""));
    }

    /** Deletes those that are salvaged, but for the newest of all. What is not salvaged is the operator's to delete. */
    static List<KeptData> prune(NodeFiles files) {
        List<KeptData> all = list(files);
        List<KeptData> old = all.stream()
                .limit(Math.max(0, all.size() - 1))
                .filter(KeptData::salvaged)
                .toList();
        old.forEach(kept -> files.deleteTree(kept.directory()));
        return old;
    }
}
