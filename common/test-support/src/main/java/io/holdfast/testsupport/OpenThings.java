package io.holdfast.testsupport;

import java.util.ArrayDeque;
import java.util.Deque;

/** What a test has opened, closed in the opposite order: {@code @AutoClose final OpenThings open = new OpenThings();}. */
public final class OpenThings {

    private final Deque<AutoCloseable> things = new ArrayDeque<>();

    public void add(AutoCloseable thing) {
        things.push(thing);
    }

    public void close() throws Exception {
        while (!things.isEmpty()) {
            things.pop().close();
        }
    }
}
