/** What snapshots there are and what state each is in. Knows neither how archives are built nor where they lie. */
@NullMarked
package io.holdfast.snapshot.catalogue;

import org.jspecify.annotations.NullMarked;
