package io.holdfast.http;

/** How a service tells the gateway what a request has made, where its path does not: a header of the answer, which goes no further. */
public final class Made {

    /** Its value is the id. */
    public static final String HEADER = "X-Holdfast-Made";

    private Made() {}
}
