/**
 * The manager API's list conventions (cloudify-api section 1.6) over SQL: descriptors of what can be listed, requests, statements with
 * bind parameters only, pages as JSON. Knows no entity by name and must know no service.
 */
@NullMarked
package io.holdfast.listing;

import org.jspecify.annotations.NullMarked;
