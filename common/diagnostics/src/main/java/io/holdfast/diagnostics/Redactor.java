package io.holdfast.diagnostics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes secrets out of text: those whose values are known, wherever they stand, and what looks like one. Immutable; its calls count what
 * they took out.
 */
public final class Redactor {

    /** What stands where a secret was. */
    public static final String MARK = "[redacted]";

    /** Shorter ones would be found in every other word. They are still taken out where a name stands before them. */
    private static final int SHORTEST_KNOWN = 4;

    /** Of no use as a secret, and what the rules look for. */
    private static final Pattern WORD = Pattern.compile(SecretNames.WORDS, Pattern.CASE_INSENSITIVE);

    private record Rule(Pattern pattern, String replacement) {}

    private static final List<Rule> RULES = List.of(
            // A key whose beginning or end is elsewhere is one, too.
            new Rule(
                    Pattern.compile(
                            "-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|\\z)",
                            Pattern.DOTALL),
                    MARK),
            // scheme://user:password@host, of which the user may be secret as well
            new Rule(
                    Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]*://)[^\\s/'\"<>@]+(?:@[^\\s/'\"<>@]+)*@"),
                    "$1" + MARK + "@"),
            new Rule(
                    Pattern.compile("\\b(Basic|Bearer)\\s+[A-Za-z0-9._~+/-]{4,}=*", Pattern.CASE_INSENSITIVE),
                    "$1 " + MARK),
            new Rule(Pattern.compile("\\bctok-[A-Za-z0-9]+-[A-Za-z0-9]+"), MARK),
            new Rule(Pattern.compile("\\beyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*"), MARK),
            new Rule(
                    Pattern.compile("\\$(?:2[abxy]?|5|6|argon2[a-z]*|pbkdf2-[a-z0-9]+)\\$[A-Za-z0-9./$=,+]{8,}"), MARK),
            // name=value, name: value, "name": "value", 'name': 'value'; a name may itself have been somebody's secret
            new Rule(
                    Pattern.compile(
                            "([\\w.-]*(?:" + SecretNames.WORDS
                                    + "|cookie|\\[redacted])[\\w.-]*\\\\?[\"']?\\s*(?:=>|[=:])\\s*)(?!\\[redacted])(?!(?:null|true|false)\\b)"
                                    + "(?:\\\\\"(?:[^\\\\\"])*\\\\\"|\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'|[^\\s,;&\"'\\\\)\\]}]+)",
                            Pattern.CASE_INSENSITIVE),
                    "$1" + MARK));

    private final List<Rule> rules;

    /** A text without its secrets. @param removed how many places were redacted */
    public record Redacted(String text, int removed) {}

    private Redactor(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** @param secrets values that must not be seen, also not in Base64 or encoded for a URL; short ones are left to the rules */
    public static Redactor knowing(Collection<String> secrets) {
        Set<String> forms = new HashSet<>();
        for (String secret : secrets) {
            if (secret.length() >= SHORTEST_KNOWN && !WORD.matcher(secret).matches()) {
                forms.add(secret);
                forms.add(URLEncoder.encode(secret, StandardCharsets.UTF_8));
                forms.add(Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8)));
            }
        }
        List<Rule> rules = new ArrayList<>();
        // The longest first: one may begin with another.
        forms.stream()
                .sorted(Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()))
                .forEach(form -> rules.add(new Rule(Pattern.compile(Pattern.quote(form)), MARK)));
        rules.addAll(RULES);
        return new Redactor(rules);
    }

    public Redacted text(String text) {
        String now = text;
        int removed = 0;
        for (Rule rule : rules) {
            Matcher matcher = rule.pattern().matcher(now);
            if (!matcher.find()) {
                continue;
            }
            StringBuilder without = new StringBuilder(now.length());
            do {
                matcher.appendReplacement(without, rule.replacement());
                removed++;
            } while (matcher.find());
            matcher.appendTail(without);
            now = without.toString();
        }
        return new Redacted(now, removed);
    }

    /** Redacts in place: the values of fields with a secret's name, whole, and what {@link #text} finds in the others. @return how many */
    public int json(JsonNode node) {
        int removed = 0;
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                JsonNode value = field.getValue();
                if (SecretNames.isSecret(field.getKey()) && !isHarmless(value)) {
                    field.setValue(TextNode.valueOf(MARK));
                    removed++;
                } else if (value.isTextual()) {
                    Redacted redacted = text(value.textValue());
                    field.setValue(TextNode.valueOf(redacted.text()));
                    removed += redacted.removed();
                } else {
                    removed += json(value);
                }
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                if (array.get(i).isTextual()) {
                    Redacted redacted = text(array.get(i).textValue());
                    array.set(i, TextNode.valueOf(redacted.text()));
                    removed += redacted.removed();
                } else {
                    removed += json(array.get(i));
                }
            }
        }
        return removed;
    }

    private static boolean isHarmless(JsonNode value) {
        return value.isNull()
                || value.isBoolean()
                || value.isTextual() && value.textValue().matches("|true|false");
    }
}
