/** Who is calling: passwords, tokens and account locking as rules. Knows no storage and no HTTP. */
@NullMarked
package io.holdfast.gateway.authentication;

import org.jspecify.annotations.NullMarked;
