/** Reads YAML text into the language's own nodes, with limits. Knows nothing of blueprints. */
@NullMarked
package io.holdfast.inventory.language.yaml;

import org.jspecify.annotations.NullMarked;
