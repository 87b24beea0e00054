/** Archives that come in and go out. Knows no layouts; the archive module judges them. */
@NullMarked
package io.holdfast.snapshot.transfer;

import org.jspecify.annotations.NullMarked;
