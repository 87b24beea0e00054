/** What authentication reads and notes in the users and tokens tables. */
@NullMarked
package io.holdfast.gateway.authentication.storage;

import org.jspecify.annotations.NullMarked;
