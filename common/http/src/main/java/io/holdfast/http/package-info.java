/**
 * What every HTTP-speaking service shares: the signed identity of internal calls, problem answers, correlation ids, the clock and the
 * API's text of times. It must not know any service, any route of one, or any database.
 */
@NullMarked
package io.holdfast.http;

import org.jspecify.annotations.NullMarked;
