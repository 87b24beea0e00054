package io.holdfast.listing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.POJONode;
import com.fasterxml.jackson.databind.util.RawValue;

/** What the items of an answer take of memory, in bytes, rather too much than too little. What is light is not counted. */
public final class Weight {

    /** What is not counted: about as much as a page of executions has by default. */
    private static final long LIGHT = 4 << 20;

    /** What is taken at once. */
    private static final long STEP = 1 << 18;

    private static final long OBJECT = 400;
    private static final long FIELD = 110;

    /** Of a character in a string; most strings have one byte for it. */
    private static final long CHARACTER = 2;

    private final AnswerMemory memory;
    private long items;
    private long untaken = -LIGHT;

    Weight(AnswerMemory memory) {
        this.memory = memory;
    }

    /** Of what the request that this thread answers is answered with. */
    public static Weight ofAnswer() {
        return new Weight(AnswerMemory.current());
    }

    /** @throws io.holdfast.contracts.errors.ManagerException as {@link AnswerMemory#take} */
    void add(Row row) {
        add(of(row.json())
                + row.hidden().values().stream()
                        .mapToLong(text -> FIELD + (text == null ? 0 : CHARACTER * text.length()))
                        .sum());
    }

    /** @throws io.holdfast.contracts.errors.ManagerException as {@link AnswerMemory#take} */
    public void add(JsonNode item) {
        add(of(item));
    }

    private void add(long weight) {
        items++;
        untaken += OBJECT + weight;
        if (untaken >= STEP) {
            memory.take(untaken, items);
            untaken = 0;
        }
    }

    private static long of(JsonNode object) {
        long weight = 0;
        for (JsonNode value : object) {
            weight += FIELD + value(value);
        }
        return weight;
    }

    private static long value(JsonNode value) {
        if (value.isTextual()) {
            return CHARACTER * value.textValue().length();
        }
        if (value instanceof POJONode raw && raw.getPojo() instanceof RawValue text) {
            return CHARACTER * String.valueOf(text.rawValue()).length();
        }
        if (value instanceof POJONode packed && packed.getPojo() instanceof PackedJson json) {
            return json.size();
        }
        if (value.isContainerNode()) {
            return OBJECT + of(value);
        }
        return 0;
    }
}
