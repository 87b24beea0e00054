/** The errors that clients can meet: one enum of codes and the one exception that carries them. Knows no transport. */
@NullMarked
package io.holdfast.contracts.errors;

import org.jspecify.annotations.NullMarked;
