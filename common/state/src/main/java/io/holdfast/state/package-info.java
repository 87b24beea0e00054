/**
 * The state of a manager as schemas at a revision: their migrations, and the list of their tables that an archive carries. Knows
 * no service and no archive.
 */
@NullMarked
package io.holdfast.state;

import org.jspecify.annotations.NullMarked;
