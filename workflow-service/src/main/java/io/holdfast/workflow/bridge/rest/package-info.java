/** What other services of the manager ask of the bridge. Holds no rules. */
@NullMarked
package io.holdfast.workflow.bridge.rest;

import org.jspecify.annotations.NullMarked;
