/** Asks other nodes' snapshot-services. Knows only their internal REST. */
@NullMarked
package io.holdfast.snapshot.copies.remote;

import org.jspecify.annotations.NullMarked;
