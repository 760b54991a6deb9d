"""Mutation of data: does the validation notice each fault that is put into a graph, triple by triple?"""
