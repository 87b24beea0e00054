package io.holdfast.inventory.language.yaml;

import io.holdfast.inventory.language.InvalidBlueprint;
import io.holdfast.inventory.language.Mark;
import io.holdfast.inventory.language.YamlNode;
import io.holdfast.inventory.language.YamlReader;
import jakarta.inject.Singleton;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/** YAML 1.1 with SnakeYAML's composer: only plain values are made, never objects. Times stay text, as in the existing product. */
@Singleton
public class SnakeYamlReader implements YamlReader {

    private static final String MERGE_KEY = "<<";

    /** What the existing product takes for a real number: with a point, and a sign in the exponent. Others, such as 12e3, are text. */
    private static final Pattern REAL =
            Pattern.compile("[-+]?[0-9][0-9_]*\\.[0-9_]*([eE][-+][0-9]+)?|[-+]?\\.[0-9][0-9_]*([eE][-+][0-9]+)?"
                    + "|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\\.[0-9_]*|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");

    @Override
    public YamlNode read(String file, byte[] text) {
        if (text.length > MAX_FILE_BYTES) {
            throw new InvalidBlueprint(
                    Mark.of(file), "the file has " + text.length + " bytes", "at most " + MAX_FILE_BYTES + " bytes");
        }
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_FILE_BYTES);
        options.setMaxAliasesForCollections(MAX_NODES);
        options.setNestingDepthLimit(MAX_DEPTH);
        options.setAllowRecursiveKeys(false);
        try {
            Composer composer = new Composer(
                    new ParserImpl(new StreamReader(decoded(file, text)), options), new Resolver(), options);
            Node root = composer.getSingleNode();
            return root == null ? YamlNode.Mapping.empty(Mark.of(file)) : new Conversion(file).convert(root, 0);
        } catch (MarkedYAMLException e) {
            org.yaml.snakeyaml.error.Mark at = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
            String context = e.getContext() == null ? "" : e.getContext() + ": ";
            throw new InvalidBlueprint(
                    at == null ? Mark.of(file) : new Mark(file, at.getLine() + 1, at.getColumn() + 1),
                    "Failed to parse DSL: Illegal yaml; " + context + e.getProblem(),
                    "one document of valid YAML",
                    e);
        } catch (YAMLException e) {
            throw new InvalidBlueprint(
                    Mark.of(file),
                    "Failed to parse DSL: Illegal yaml; " + e.getMessage(),
                    "one document of valid YAML",
                    e);
        }
    }

    private static String decoded(String file, byte[] text) {
        try {
            String decoded = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text))
                    .toString();
            return decoded.startsWith("\ufeff") ? decoded.substring(1) : decoded;
        } catch (CharacterCodingException e) {
            throw new InvalidBlueprint(Mark.of(file), "the file is not text in UTF-8", "UTF-8", e);
        }
    }

    /** Of one file. Shared nodes are converted once, but counted as often as they are written out. */
    private static final class Conversion {

        private final String file;
        private final Map<Node, YamlNode> done = new IdentityHashMap<>();
        private final Map<Node, Long> sizes = new IdentityHashMap<>();
        private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());

        Conversion(String file) {
            this.file = file;
        }

        YamlNode convert(Node node, int depth) {
            YamlNode known = done.get(node);
            if (known != null) {
                return known;
            }
            if (depth > MAX_DEPTH) {
                throw new InvalidBlueprint(
                        at(node), "values are nested too deeply", "at most " + MAX_DEPTH + " levels");
            }
            if (!open.add(node)) {
                throw new InvalidBlueprint(at(node), "an alias contains itself", "aliases without cycles");
            }
            YamlNode converted = node instanceof MappingNode mapping
                    ? mapping(mapping, depth)
                    : node instanceof SequenceNode sequence ? sequence(sequence, depth) : scalar((ScalarNode) node);
            open.remove(node);
            done.put(node, converted);
            return converted;
        }

        private long count(Node parent, long soFar, Node child) {
            long sum = soFar + sizes.getOrDefault(child, 1L);
            if (sum > MAX_NODES) {
                throw new InvalidBlueprint(
                        at(parent), "with its aliases written out this has too many values", "at most " + MAX_NODES);
            }
            return sum;
        }

        private YamlNode sequence(SequenceNode node, int depth) {
            List<YamlNode> items = new ArrayList<>();
            long size = 1;
            for (Node item : node.getValue()) {
                items.add(convert(item, depth + 1));
                size = count(node, size, item);
            }
            sizes.put(node, size);
            return new YamlNode.Sequence(items, at(node));
        }

        private YamlNode mapping(MappingNode node, int depth) {
            Map<String, YamlNode> own = new LinkedHashMap<>();
            Map<String, Mark> keys = new LinkedHashMap<>();
            Map<String, YamlNode> inherited = new LinkedHashMap<>();
            long size = 1;
            for (NodeTuple tuple : node.getValue()) {
                Node keyNode = tuple.getKeyNode();
                if (!(keyNode instanceof ScalarNode scalarKey)
                        || keyNode.getTag().equals(Tag.NULL)) {
                    throw new InvalidBlueprint(at(keyNode), "a key is no plain value", "text as key");
                }
                String key = scalarKey.getValue();
                YamlNode value = convert(tuple.getValueNode(), depth + 1);
                size = count(node, size, tuple.getValueNode());
                if (key.equals(MERGE_KEY) && scalarKey.isPlain()) {
                    merge(value, inherited, keys);
                } else {
                    if (own.containsKey(key)) {
                        throw new InvalidBlueprint(
                                at(keyNode),
                                "the key '" + key + "' stands twice in one mapping, first at " + keys.get(key),
                                "each key once");
                    }
                    own.put(key, value);
                    keys.put(key, at(keyNode));
                }
            }
            Map<String, YamlNode> all = new LinkedHashMap<>(inherited);
            all.putAll(own);
            sizes.put(node, size);
            return new YamlNode.Mapping(all, keys, at(node));
        }

        /** What stands in the mapping itself wins; of several sources, the first. */
        private static void merge(YamlNode source, Map<String, YamlNode> inherited, Map<String, Mark> keys) {
            if (source instanceof YamlNode.Mapping mapping) {
                mapping.entries().forEach(inherited::putIfAbsent);
                mapping.entries().keySet().forEach(key -> keys.putIfAbsent(key, mapping.keyMark(key)));
            } else if (source instanceof YamlNode.Sequence sequence) {
                sequence.items().forEach(item -> merge(item, inherited, keys));
            } else {
                throw new InvalidBlueprint(
                        source.mark(), "'<<' is given " + source.described(), "a mapping or a list of mappings");
            }
        }

        private YamlNode scalar(ScalarNode node) {
            sizes.put(node, 1L);
            return new YamlNode.Scalar(value(node), at(node));
        }

        private @Nullable Object value(ScalarNode node) {
            String text = node.getValue();
            Tag tag = node.getTag();
            if (tag.equals(Tag.STR) || tag.equals(Tag.TIMESTAMP) || tag.equals(Tag.MERGE)) {
                return text;
            }
            if (tag.equals(Tag.NULL)) {
                return null;
            }
            if (tag.equals(Tag.BOOL)) {
                return Set.of("true", "yes", "on").contains(text.toLowerCase(Locale.ROOT));
            }
            try {
                if (tag.equals(Tag.INT)) {
                    return integer(text.replace("_", ""));
                }
                if (tag.equals(Tag.FLOAT)) {
                    if (node.isPlain() && !REAL.matcher(text).matches()) {
                        return text;
                    }
                    return real(node, text.replace("_", ""));
                }
            } catch (NumberFormatException e) {
                throw new InvalidBlueprint(
                        at(node), "'" + text + "' is no number", "a number, or quotes around text", e);
            }
            throw new InvalidBlueprint(
                    at(node), "the tag " + tag.getValue() + " is not supported", "plain values without tags");
        }

        private static Object integer(String text) {
            boolean negative = text.startsWith("-");
            String digits = negative || text.startsWith("+") ? text.substring(1) : text;
            BigInteger value;
            if (digits.startsWith("0b")) {
                value = new BigInteger(digits.substring(2), 2);
            } else if (digits.startsWith("0x")) {
                value = new BigInteger(digits.substring(2), 16);
            } else if (digits.indexOf(':') >= 0) {
                value = BigInteger.ZERO;
                for (String part : digits.split(":", -1)) {
                    value = value.multiply(BigInteger.valueOf(60)).add(new BigInteger(part));
                }
            } else {
                value = new BigInteger(digits, digits.length() > 1 && digits.startsWith("0") ? 8 : 10);
            }
            return negative ? value.negate() : value;
        }

        private Object real(ScalarNode node, String text) {
            double value = Double.NaN;
            if (!text.toLowerCase(Locale.ROOT).matches("[-+]?\\.(inf|nan)")) {
                value = 0;
                for (String part : text.split(":", -1)) {
                    value = value * 60 + Double.parseDouble(part);
                }
            }
            if (Double.isNaN(value) || Double.isInfinite(value)) {
                throw new InvalidBlueprint(at(node), "'" + text + "' is no finite number", "a finite number");
            }
            return value;
        }

        private Mark at(Node node) {
            return new Mark(
                    file, node.getStartMark().getLine() + 1, node.getStartMark().getColumn() + 1);
        }
    }
}
