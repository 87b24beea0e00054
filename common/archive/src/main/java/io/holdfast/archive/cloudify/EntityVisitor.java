package io.holdfast.archive.cloudify;

/** Takes entities one at a time, as they are read. */
@FunctionalInterface
public interface EntityVisitor<X extends Exception> {
    void visit(Entity entity) throws X;
}
