/** The installation's one secret and the keys derived from it, which all services must derive alike. Knows no storage. */
@NullMarked
package io.holdfast.contracts.keys;

import org.jspecify.annotations.NullMarked;
