"""The peer of "bench api": one list of the manager's API on the product's stack, Flask-RESTful over SQLAlchemy under gunicorn.

It reads the same database as the manager beside it and does for a list what a manager has to: it looks up the token's user, the
tenant and the role's permission, counts what the caller may see, reads the page and shapes it. It has no proxy before it, no other
filters, keeps no audit log and hashes the token once only, which a manager of that stack cannot all do without.

DATABASE_URL has the database as SQLAlchemy names it.
"""

import hashlib
import hmac
import os

from flask import Flask, g, request
from flask_restful import Api, Resource, abort, fields, marshal
from sqlalchemy import Boolean, Column, DateTime, Integer, String, and_, create_engine, or_
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import declarative_base, scoped_session, sessionmaker

Base = declarative_base()
session = scoped_session(sessionmaker(bind=create_engine(os.environ["DATABASE_URL"], pool_size=1)))


class Tenant(Base):
    __tablename__ = "tenants"
    __table_args__ = {"schema": "access"}
    name = Column(String, primary_key=True)


class User(Base):
    __tablename__ = "users"
    __table_args__ = {"schema": "access"}
    username = Column(String, primary_key=True)
    role = Column(String)
    active = Column(Boolean)


class Token(Base):
    __tablename__ = "tokens"
    __table_args__ = {"schema": "access"}
    id = Column(String, primary_key=True)
    username = Column(String)
    secret_hash = Column(String)


class Permission(Base):
    __tablename__ = "permissions"
    __table_args__ = {"schema": "access"}
    role = Column(String, primary_key=True)
    permission = Column(String, primary_key=True)


class Execution(Base):
    __tablename__ = "executions"
    __table_args__ = {"schema": "scheduler"}
    storage_id = Column(Integer, primary_key=True)
    tenant_name = Column(String)
    id = Column(String)
    workflow_id = Column(String)
    deployment_id = Column(String)
    deployment_display_name = Column(String)
    blueprint_id = Column(String)
    status = Column(String)
    error = Column(String)
    parameters = Column(JSONB)
    is_system_workflow = Column(Boolean)
    is_dry_run = Column(Boolean)
    allow_custom_parameters = Column(Boolean)
    resume = Column(Boolean)
    total_operations = Column(Integer)
    finished_operations = Column(Integer)
    visibility = Column(String)
    created_by = Column(String)
    created_at = Column(DateTime(timezone=True))
    started_at = Column(DateTime(timezone=True))
    ended_at = Column(DateTime(timezone=True))
    scheduled_for = Column(DateTime(timezone=True))


EXECUTION = {
    "id": fields.String,
    "workflow_id": fields.String,
    "deployment_id": fields.String,
    "deployment_display_name": fields.String,
    "blueprint_id": fields.String,
    "status": fields.String,
    "error": fields.String,
    "parameters": fields.Raw,
    "is_system_workflow": fields.Boolean,
    "is_dry_run": fields.Boolean,
    "allow_custom_parameters": fields.Boolean,
    "resume": fields.Boolean,
    "total_operations": fields.Integer,
    "finished_operations": fields.Integer,
    "visibility": fields.String,
    "tenant_name": fields.String,
    "created_by": fields.String,
    "created_at": fields.DateTime(dt_format="iso8601"),
    "started_at": fields.DateTime(dt_format="iso8601"),
    "ended_at": fields.DateTime(dt_format="iso8601"),
    "scheduled_for": fields.DateTime(dt_format="iso8601"),
}


def authenticate():
    given = request.headers.get("Authentication-Token", "").split("-", 2)
    token = session.get(Token, given[1]) if len(given) == 3 else None
    if token is None or not hmac.compare_digest(hashlib.sha256(given[2].encode()).hexdigest(), token.secret_hash):
        abort(401, message="no such token")
    g.user = session.get(User, token.username)
    g.tenant = session.get(Tenant, request.headers.get("Tenant", ""))
    if g.user is None or not g.user.active or g.tenant is None:
        abort(403, message="no such user or tenant")
    if session.get(Permission, (g.user.role, "execution_list")) is None:
        abort(403, message="no permission")


class Executions(Resource):
    def get(self):
        authenticate()
        size, offset = int(request.args.get("_size", 1000)), int(request.args.get("_offset", 0))
        visible = [and_(Execution.tenant_name == g.tenant.name, Execution.visibility != "private"), Execution.visibility == "global"]
        if g.user.role == "sys_admin":
            visible = [Execution.tenant_name == g.tenant.name, Execution.visibility == "global"]
        seen = session.query(Execution).filter(or_(*visible), Execution.is_system_workflow.is_(False))
        total = seen.count()
        page = seen.order_by(Execution.created_at, Execution.storage_id).limit(size).offset(offset).all()
        return {
            "items": marshal(page, EXECUTION),
            "metadata": {"pagination": {"total": total, "size": size, "offset": offset}},
        }


app = Flask(__name__)
Api(app).add_resource(Executions, "/api/v3.1/executions")


@app.teardown_appcontext
def end(_failure):
    session.remove()
