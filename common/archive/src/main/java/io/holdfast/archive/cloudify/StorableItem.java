package io.holdfast.archive.cloudify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * An item without the values that neither PostgreSQL's {@code text} nor its {@code jsonb} can hold. Python writes them, so archives
 * have them; a restore that refused them would refuse the whole manager for one line of a log. They are replaced, visibly:
 *
 * <ul>
 *   <li>the character NUL (U+0000) by its symbol, U+2400,
 *   <li>half a surrogate pair by the replacement character, U+FFFD,
 *   <li>NaN and the infinities by the texts {@code NaN}, {@code Infinity} and {@code -Infinity}.
 * </ul>
 *
 * A number beyond what {@code jsonb} takes has no such stand-in and is refused.
 *
 * @param item the same object if nothing had to be replaced
 * @param replaced what was replaced, in words; empty mostly
 */
public record StorableItem(Item item, Set<String> replaced) {

    private static final char NUL_SYMBOL = '\u2400';
    private static final char REPLACEMENT = '\ufffd';

    /** Digits before and after the decimal point. Source: PostgreSQL manual, "Numeric Types". */
    private static final int DIGITS_BEFORE = 131_072;

    private static final int DIGITS_AFTER = 16_383;

    public StorableItem {
        replaced = Set.copyOf(replaced);
    }

    /** @throws ManagerException INVALID_ARCHIVE for a number that cannot be stored */
    public static StorableItem of(Item item) {
        if (isStorable(item.node())) {
            return new StorableItem(item, Set.of());
        }
        Set<String> replaced = new LinkedHashSet<>();
        ObjectNode copy = (ObjectNode) clean(item.node(), item.where(), "", replaced);
        return new StorableItem(new Item(copy, item.where()), replaced);
    }

    private static boolean isStorable(JsonNode node) {
        if (node.isObject()) {
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                if (!isStorable(field.getKey()) || !isStorable(field.getValue())) {
                    return false;
                }
            }
            return true;
        }
        if (node.isArray()) {
            for (JsonNode element : node) {
                if (!isStorable(element)) {
                    return false;
                }
            }
            return true;
        }
        if (node.isTextual()) {
            return isStorable(node.textValue());
        }
        if (node.isFloatingPointNumber() || node.isBigInteger()) {
            return !isNotFinite(node) && fits(node.decimalValue());
        }
        return true;
    }

    private static JsonNode clean(JsonNode node, String where, String path, Set<String> replaced) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (node.isObject()) {
            ObjectNode copy = nodes.objectNode();
            node.properties()
                    .forEach(field -> copy.set(
                            clean(field.getKey(), path, replaced),
                            clean(field.getValue(), where, path + "/" + field.getKey(), replaced)));
            return copy;
        }
        if (node.isArray()) {
            ArrayNode copy = nodes.arrayNode(node.size());
            node.forEach(element -> copy.add(clean(element, where, path, replaced)));
            return copy;
        }
        if (node.isTextual()) {
            return nodes.textNode(clean(node.textValue(), path, replaced));
        }
        if (node.isFloatingPointNumber() || node.isBigInteger()) {
            if (isNotFinite(node)) {
                replaced.add("the number " + node.asText() + " in " + printable(path) + " by the text");
                return nodes.textNode(node.asText());
            }
            if (!fits(node.decimalValue())) {
                throw new ManagerException(
                        ErrorCode.INVALID_ARCHIVE,
                        where + " has a number in " + printable(path)
                                + " that is out of range; expected at most " + DIGITS_BEFORE
                                + " digits before the point and " + DIGITS_AFTER + " after it",
                        "change that value on the source manager and take a new snapshot");
            }
        }
        return node;
    }

    private static String clean(String text, String path, Set<String> replaced) {
        if (isStorable(text)) {
            return text;
        }
        StringBuilder cleaned = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                replaced.add("the character NUL in " + printable(path) + " by U+2400");
                cleaned.append(NUL_SYMBOL);
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                cleaned.append(c).append(text.charAt(++i));
            } else if (Character.isSurrogate(c)) {
                replaced.add("half a surrogate pair in " + printable(path) + " by U+FFFD");
                cleaned.append(REPLACEMENT);
            } else {
                cleaned.append(c);
            }
        }
        return cleaned.toString();
    }

    private static boolean isStorable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                return false;
            }
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    private static boolean isNotFinite(JsonNode node) {
        return (node.isDouble() || node.isFloat()) && !Double.isFinite(node.doubleValue());
    }

    private static boolean fits(BigDecimal number) {
        return (long) number.precision() - number.scale() <= DIGITS_BEFORE && number.scale() <= DIGITS_AFTER;
    }

    /** Paths are keys of the archive's own data: shown without the very characters that are replaced. */
    private static String printable(String path) {
        StringBuilder shown = new StringBuilder();
        path.chars().limit(200).forEach(c -> shown.append(c < ' ' || Character.isSurrogate((char) c) ? '?' : (char) c));
        return shown.isEmpty() ? "a key" : shown.toString();
    }
}
