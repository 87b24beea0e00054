package io.holdfast.archive;

/** Whose archive a Zip file is. */
public enum ArchiveLayout {
    /** Ours. */
    NATIVE("Holdfast"),
    /** Cloudify 7.0.5 and later: numbered files in {@code mgmt/} and {@code tenants/}. */
    CLOUDIFY_N1("Cloudify 7.1 (numbered files)"),
    /** Early Cloudify 7.0: one directory a type. */
    CLOUDIFY_N0("Cloudify 7.0 (a directory a type)"),
    /** Cloudify 4.0 to 7 with {@code legacy}: a dump of its database. */
    CLOUDIFY_LEGACY("Cloudify 4.0 to 7 legacy (database dump)"),
    /** Cloudify 3.3 and 3.4: a dump of its Elasticsearch. */
    CLOUDIFY_3("Cloudify 3.3 or 3.4 (Elasticsearch dump)"),
    /** Nobody's that we know. */
    UNKNOWN("unknown");

    private final String title;

    ArchiveLayout(String title) {
        this.title = title;
    }

    /** For people. */
    public String title() {
        return title;
    }
}
