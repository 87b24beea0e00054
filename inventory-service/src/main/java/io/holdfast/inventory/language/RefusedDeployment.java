package io.holdfast.inventory.language;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;

/** A deployment cannot be made of a plan with these inputs. */
public final class RefusedDeployment extends ManagerException {

    private static final long serialVersionUID = 1L;

    private final String kind;

    /** @param kind the class of error that the existing product names before the text in an execution's error */
    RefusedDeployment(ErrorCode code, String kind, String detail, String hint) {
        super(code, detail, hint);
        this.kind = kind;
    }

    /** As the existing API words it: the kind of error, then the text. */
    public String asReported() {
        return kind + ": " + detail();
    }
}
