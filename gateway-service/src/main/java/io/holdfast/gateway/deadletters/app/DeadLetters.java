package io.holdfast.gateway.deadletters.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.gateway.deadletters.ParkedLetters;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All services' parked messages as one list, newest first; and decisions about them. */
@ApplicationScoped
public class DeadLetters {

    private static final int FURTHEST = 10_000;

    private final ParkedLetters letters;

    public DeadLetters(ParkedLetters letters) {
        this.letters = letters;
    }

    /** @param unavailable services that did not answer, with the reason: the list lacks theirs */
    public record Page(
            List<Map<String, Object>> items, long total, int offset, int size, Map<String, String> unavailable) {}

    public Page list(@Nullable String service, Map<String, String> filter, int offset, int size) {
        if (offset < 0 || size < 0 || offset + (long) size > FURTHEST) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "_offset is " + offset + " and _size " + size + ", expected none below 0 and together at most "
                            + FURTHEST,
                    "narrow the list with state, service, consumer, type or reason");
        }
        List<Map<String, Object>> all = new ArrayList<>();
        Map<String, String> unavailable = new LinkedHashMap<>();
        long total = 0;
        for (String asked : asked(service)) {
            ParkedLetters.Page page = letters.list(asked, filter, offset + size);
            all.addAll(page.items());
            total += page.total();
            if (page.unavailable() != null) {
                unavailable.put(asked, page.unavailable());
            }
        }
        all.sort(Comparator.comparing((Map<String, Object> letter) -> String.valueOf(letter.get("parked_at")))
                .reversed());
        List<Map<String, Object>> shown = all.stream().skip(offset).limit(size).toList();
        return new Page(shown, total, offset, size, unavailable);
    }

    public Map<String, Object> get(String service, String id) {
        return letters.get(known(service), id);
    }

    /** @param action {@code replay} or {@code discard} */
    public Map<String, Object> decide(String service, String id, String action) {
        return letters.decide(known(service), id, action);
    }

    /** Of how many messages it was decided, by service; services without any are left out. */
    public Map<String, Long> decideAll(@Nullable String service, Map<String, String> filter, String action) {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (String asked : asked(service)) {
            long count = letters.decideAll(asked, filter, action);
            if (count > 0) {
                counts.put(asked, count);
            }
        }
        return counts;
    }

    private List<String> asked(@Nullable String service) {
        return service == null ? letters.services() : List.of(known(service));
    }

    private String known(String service) {
        if (!letters.services().contains(service)) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "there is no service `" + service + "`, expected one of " + String.join(", ", letters.services()),
                    null);
        }
        return service;
    }
}
