/** The HTTP resource of the file server: parse, ask, answer. No rules and no SQL here. */
@NullMarked
package io.holdfast.inventory.files.rest;

import org.jspecify.annotations.NullMarked;
