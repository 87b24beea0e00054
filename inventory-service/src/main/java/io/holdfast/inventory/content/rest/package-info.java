/** The HTTP resources of content (archives, work directories) by its hash: parse, ask, answer. No rules and no SQL here. */
@NullMarked
package io.holdfast.inventory.content.rest;

import org.jspecify.annotations.NullMarked;
