/** Builds archives in Cloudify's layouts for tests, with our own data and boring defaults. Must not know the reader that is tested. */
@NullMarked
package io.holdfast.testsupport.cloudify;

import org.jspecify.annotations.NullMarked;
