/** Archives on the other nodes of a cluster: which node has which, and what has to be copied or dropped. Knows no network. */
@NullMarked
package io.holdfast.snapshot.copies;

import org.jspecify.annotations.NullMarked;
