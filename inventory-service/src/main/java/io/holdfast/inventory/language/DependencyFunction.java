package io.holdfast.inventory.language;

import org.jspecify.annotations.Nullable;

/**
 * A function that says which other deployment is meant: {@code {get_secret: key}} in {@code {get_capability: [{get_secret: key}, url]}}.
 *
 * @param self the node that SELF means where it stands; null: none
 */
public record DependencyFunction(Object function, @Nullable String self) {}
