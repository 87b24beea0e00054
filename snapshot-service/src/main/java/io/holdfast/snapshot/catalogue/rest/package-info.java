/** The catalogue over HTTP. Holds no rules. */
@NullMarked
package io.holdfast.snapshot.catalogue.rest;

import org.jspecify.annotations.NullMarked;
