/** What other nodes ask: which archives there are, and their bytes. Holds no rules. */
@NullMarked
package io.holdfast.snapshot.copies.rest;

import org.jspecify.annotations.NullMarked;
