/** Who changed what: which requests are written down, and as what. Knows no storage and no HTTP. */
@NullMarked
package io.holdfast.gateway.audit;

import org.jspecify.annotations.NullMarked;
