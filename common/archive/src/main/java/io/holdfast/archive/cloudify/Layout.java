package io.holdfast.archive.cloudify;

/** The generations of Cloudify's snapshot archives. Source: docs/importing-cloudify.md, "Which archives". */
public enum Layout {
    /** Flat, numbered files ({@code mgmt/00000001.json}); Cloudify 7.1 and late 7.0.x. */
    NUMBERED("numbered files", true),
    /** A directory for each type ({@code mgmt/tenants/0.json}); early 7.0.x. */
    DIRECTORIES("directories by type", true),
    /** A dump of the manager's database ({@code pg_data}); Cloudify 4.0 to 7.x with the option {@code legacy}. */
    DATABASE_DUMP("legacy database dump", false),
    /** A dump of Elasticsearch ({@code es_data}); Cloudify 3.x. */
    ELASTICSEARCH_DUMP("Elasticsearch dump", false);

    private final String title;
    private final boolean readable;

    Layout(String title, boolean readable) {
        this.title = title;
        this.readable = readable;
    }

    /** For people: in messages and reports. */
    public String title() {
        return title;
    }

    /** Whether entities can be read from it here; the others are recognised to be refused clearly. */
    public boolean readable() {
        return readable;
    }
}
