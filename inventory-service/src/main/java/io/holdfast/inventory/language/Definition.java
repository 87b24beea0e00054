package io.holdfast.inventory.language;

/**
 * One named thing of a section.
 *
 * @param mark where its name stands
 * @param shipped whether it comes from the types that ship with the manager; those are the same for everybody and never renamed
 */
record Definition(String name, YamlNode node, Mark mark, boolean shipped) {

    /** Its entries; nothing after the colon counts as no entries. */
    YamlNode.Mapping mapping(String what) {
        return Shape.mappingOrEmpty(node, what);
    }

    /** The same thing, otherwise defined. */
    Definition as(YamlNode other) {
        return new Definition(name, other, mark, shipped);
    }
}
